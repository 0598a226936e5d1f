// A1: how available the whole was while it was being broken. Told, not asserted: the numbers depend on the machine.
import { groupedBy } from './evidence.js';
import { struckOf, triesOf, type Line } from './history.js';

export interface Availability {
  readonly requests: number;
  /** Share of the requests that had a definite answer within 2 s of the first try. */
  readonly withinTwoSeconds: number;
  /** Longest wait for a definite answer, milliseconds. */
  readonly longestMs: number;
  /** Longest wait of a request that was open at a kill or asked within a second after it, by victim. */
  readonly afterKillMs: Readonly<Record<string, number>>;
  /** Tries that were answered INTERNAL_SERVER_ERROR: each is a mistake of ours. */
  readonly internalErrors: number;
}

export function availabilityOf(history: readonly Line[]): Availability {
  const tries = triesOf(history);
  const waits = [...groupedBy(tries, ({ request }) => String(request)).values()].map((list) => {
    const from = Math.min(...list.map(({ sentAt }) => sentAt));
    return { from, to: Math.max(...list.map(({ heardAt }) => heardAt)) };
  });
  const afterKillMs: Record<string, number> = {};
  for (const { at, victim, fault } of struckOf(history)) {
    if (victim === undefined || !fault.startsWith('kill')) continue;
    const concerned = waits.filter(({ from, to }) => from <= at + 1_000 && to >= at);
    const longest = Math.max(0, ...concerned.map(({ from, to }) => to - Math.max(from, at)));
    afterKillMs[victim] = Math.max(afterKillMs[victim] ?? 0, longest);
  }
  return {
    requests: waits.length,
    withinTwoSeconds: waits.filter(({ from, to }) => to - from <= 2_000).length / Math.max(1, waits.length),
    longestMs: Math.max(0, ...waits.map(({ from, to }) => to - from)),
    afterKillMs,
    internalErrors: tries.filter(({ code }) => code === 'INTERNAL_SERVER_ERROR').length,
  };
}
