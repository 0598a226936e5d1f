import { noted } from '../note.contract.js';
import { requestsOf } from './appender.js';

const record = (topic: string, key: string, number: number) => ({
  topic,
  key,
  envelope: noted({ noteId: key, number }),
});

describe('requests to Kafka', () => {
  it('are one for all topics as long as they are small, each topic in the order given', () => {
    const [request, ...others] = requestsOf([record('a', '1', 1), record('b', '1', 2), record('a', '2', 3)]);
    expect(others).toEqual([]);
    expect([...(request ?? [])].map(([topic, messages]) => [topic, messages.map(({ key }) => key)])).toEqual([
      ['a', ['1', '2']],
      ['b', ['1']],
    ]);
  });

  it('are split below what a broker takes, in order, and an event never', () => {
    const large = (key: string) => record('a', key.repeat(100_000), 1);
    const requests = requestsOf([large('1'), large('2'), large('3'), record('a', 'small', 1)]);
    const keys = requests.map((request) => request.get('a')?.map(({ key }) => String(key).slice(0, 1)));
    expect(keys).toEqual([
      ['1', '2'],
      ['3', 's'],
    ]);
    expect(requestsOf([])).toEqual([]);
  });
});
