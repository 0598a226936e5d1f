// Bounds how long somebody waits for an answer about this app's state.
import { setTimeout as pause } from 'node:timers/promises';

/** Kubernetes and Prometheus give up without knowing what they waited for; so we do before. In milliseconds. */
const patience = 2_000;

/** What `ask` answers; rejects after two seconds. What was begun goes on, and its end interests nobody. */
export async function inTime<T>(ask: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const tooLong = pause(patience, undefined, { signal: waiting.signal, ref: false }).then(() => {
    throw new Error('The answer takes too long.');
  });
  try {
    return await Promise.race([ask(), tooLong]);
  } finally {
    tooLong.catch(() => undefined);
    waiting.abort();
  }
}
