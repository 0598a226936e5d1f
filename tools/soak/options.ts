// What can be said on the command line.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface Options {
  /** How long the load lasts. */
  readonly minutes: number;
  /** Requests per second that are aimed at. */
  readonly rate: number;
  /** Subscriptions over WebSockets. */
  readonly sockets: number;
  /** Subscriptions as server-sent events. */
  readonly streams: number;
  readonly seed: number;
}

/** Throws on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '30' },
      sockets: { type: 'string', default: '100' },
      streams: { type: 'string', default: '12' },
      seed: { type: 'string' },
    },
  });
  return {
    minutes: above('minutes', values.minutes, 0.5),
    rate: above('rate', values.rate, 1),
    sockets: above('sockets', values.sockets, 0),
    streams: above('streams', values.streams, 0),
    seed: values.seed === undefined ? randomInt(1_000_000) : above('seed', values.seed, 0),
  };
}

function above(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least) throw new Error(`--${name} takes a number from ${least} on.`);
  return value;
}
