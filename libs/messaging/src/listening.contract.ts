// Writes notes into a transport and listens to them, for the contract suite.
import type { EventBatch, EventRecord, EventTransport, LoggedEvent } from './event-transport.js';
import { noted } from './note.contract.js';

export const record = (topic: string, key: string, number: number): EventRecord => ({
  topic,
  key,
  envelope: noted({ noteId: key, number }),
});

export const numberOf = (event: LoggedEvent): number => (event.envelope.data as { number: number }).number;

export const lag = async (transport: EventTransport, group: string, topic: string): Promise<number> =>
  (await transport.lag(group, [topic]))[topic] ?? 0;

export async function listen(
  transport: EventTransport,
  group: string,
  topics: string[],
  before: (batch: EventBatch) => void = () => undefined,
): Promise<{ events: LoggedEvent[]; numbers(): number[]; close(): Promise<void> }> {
  const events: LoggedEvent[] = [];
  const onBatch = (batch: EventBatch): Promise<void> => {
    before(batch);
    events.push(...batch.events);
    return Promise.resolve();
  };
  const subscription = await transport.subscribe({ group, topics, onBatch });
  return { events, numbers: () => events.map(numberOf), close: () => subscription.close() };
}

/** Numbers of a key only grow, apart from a run that was delivered again as a whole. */
export function expectOrderByKey(events: readonly LoggedEvent[]): void {
  const last = new Map<string, number>();
  const wrong = events.filter((event) => {
    const previous = last.get(event.key) ?? -1;
    last.set(event.key, numberOf(event));
    return numberOf(event) <= previous;
  });
  expect(wrong).toEqual([]);
}
