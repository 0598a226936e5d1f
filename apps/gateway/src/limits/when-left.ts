// When a caller hangs up before he was answered.
import type { ServerResponse } from 'node:http';

/** Aborts when the connection closes before the answer is out. */
export function whenLeft(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (response.destroyed) left.abort();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
}
