// Whether somebody may open a socket: from where he comes, how often his address tries, and whether there is room.
import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { GraphQLError } from 'graphql';
import { shedRetryAfterSeconds, type Load } from '@caregraph/runtime';
import { clientAddress } from '../caller/client-address.js';
import { originAllowed } from '../caller/origins.js';
import type { RateLimits } from '../limits/rate-limits.js';

export interface Door {
  readonly origins: readonly string[];
  readonly trustedProxies: BlockList;
  readonly load: Pick<Load, 'takesMore'>;
  readonly rates: Pick<RateLimits, 'connect'>;
}

/** The HTTP answer in the place of a socket. */
export interface TurnedAway {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined: he may. */
export async function turnedAway(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  { origins, trustedProxies, load, rates }: Door,
): Promise<TurnedAway | undefined> {
  if (!originAllowed(request, origins)) return { status: 401, headers: {} };
  if (!load.takesMore()) return { status: 503, headers: retryAfter(shedRetryAfterSeconds) };
  try {
    await rates.connect(clientAddress(request, trustedProxies));
    return undefined;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { status: 429, headers: retryAfter(Number(error.extensions.retryAfterSeconds)) };
  }
}

const retryAfter = (seconds: number): Record<string, string> => ({ 'retry-after': String(seconds) });
