// When a caller hangs up before he was answered.
import type { ServerResponse } from 'node:http';
import { Presence } from '../subgraph/presence.js';

/** Leaves when the connection closes before the answer is out. */
export function whenLeft(response: ServerResponse): Presence {
  const caller = new Presence();
  if (response.destroyed) caller.leave();
  response.on('close', () => {
    if (!response.writableFinished) caller.leave();
  });
  return caller;
}
