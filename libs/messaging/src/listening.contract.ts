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
  before: (batch: EventBatch) => unknown = () => undefined,
): Promise<{ events: LoggedEvent[]; numbers(): number[]; close(): Promise<void> }> {
  const events: LoggedEvent[] = [];
  const onBatch = async (batch: EventBatch): Promise<void> => {
    await before(batch);
    events.push(...batch.events);
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

/** A promise that the spec resolves when it likes. */
export function makeGate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
