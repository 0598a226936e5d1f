// How much one caller and one address may ask in a minute. Replicas count together in PostgreSQL where there is one;
// when it cannot be had, each counts for itself: a limit that is off by a factor is better than a gateway that stands.
import { hash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { GraphQLError } from 'graphql';
import type { Pool } from 'pg';
import { Counter, type Registry } from 'prom-client';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '@caregraph/runtime';
import type { OperationContext } from '../operation/operation-rules.js';
import { rateTable } from './rate-database.js';

export interface RateLimitOptions {
  readonly limits: {
    readonly RATE_LIMIT_CALLER: number;
    readonly RATE_LIMIT_ADDRESS: number;
    readonly RATE_LIMIT_BOOKINGS: number;
    readonly RATE_LIMIT_CONNECTIONS: number;
  };
  /** Where replicas count together; left out, this one counts for itself. */
  readonly counters?: Pick<Pool, 'query'> | undefined;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Who asks for how much. */
export interface Asked {
  /** Account or session; null for a caller who has shown neither, and is known by his address alone. */
  readonly caller: string | null;
  readonly address: string | null;
  readonly cost: number;
  /** How many holds or bookings are among it (BK-150). */
  readonly bookings: number;
}

export interface RateLimits {
  /** Counts one operation. Throws TOO_MANY_REQUESTS, over HTTP 429 with Retry-After, for one too many. */
  admit(asked: Asked): Promise<void>;
  /** Counts one socket or stream that is to be opened. Throws the same. */
  connect(address: string | null): Promise<void>;
}

type Limiter = RateLimiterMemory | RateLimiterPostgres;
const kinds = ['caller', 'address', 'bookings', 'connections'] as const;
type Kind = (typeof kinds)[number];

/** Fields by which times are taken away from everybody else. */
const bookingFields = new Set(['holdSlot', 'bookAppointment']);

/** What an operation of this context asks; the same over HTTP and over a socket. */
export const askedBy = (
  { viewer, cost, knownSession }: Pick<OperationContext, 'viewer' | 'cost' | 'knownSession'>,
  rootFields: readonly string[],
): Asked => ({
  caller: viewer.account ?? (knownSession === true ? viewer.sid : null),
  address: viewer.ip,
  // A field that answers a leaf costs nothing; to ask for it does.
  cost: Math.max(Math.ceil(cost ?? 0), rootFields.length),
  bookings: rootFields.filter((field) => bookingFields.has(field)).length,
});

export function rateLimits({ limits, counters, log, registry }: RateLimitOptions): RateLimits {
  const refused = refusals(registry);
  const client = counters && patient(counters, log);
  const limiter = (keyPrefix: Kind, points: number): Limiter => {
    const own = { keyPrefix, points, duration: 60 };
    const alone = new RateLimiterMemory(own);
    if (!client) return alone;
    return new RateLimiterPostgres({
      ...own,
      storeClient: client,
      storeType: 'client',
      tableName: rateTable,
      tableCreated: true,
      // Who is over the limit is not looked up again and again.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: alone,
    });
  };
  const byCaller = limiter('caller', limits.RATE_LIMIT_CALLER);
  const byAddress = limiter('address', limits.RATE_LIMIT_ADDRESS);
  const bookingsByAddress = limiter('bookings', limits.RATE_LIMIT_BOOKINGS);
  const connectionsByAddress = limiter('connections', limits.RATE_LIMIT_CONNECTIONS);

  const count = async (kind: Kind, by: Limiter, key: string | null, points: number): Promise<void> => {
    if (key === null || points === 0) return;
    try {
      await by.consume(hashed(key), points);
    } catch (over) {
      if (!(over instanceof RateLimiterRes)) throw over;
      refused.inc({ limit: kind });
      throw tooMany(Math.max(1, Math.ceil(over.msBeforeNext / 1000)));
    }
  };
  return {
    admit: async ({ caller, address, cost, bookings }) => {
      // The caller first: who is over his own limit must not use up that of those who sit beside him.
      if (caller !== null) await count('caller', byCaller, caller, cost);
      if (bookings === 0) return count('address', byAddress, address, cost);
      await Promise.all([
        count('address', byAddress, address, cost),
        count('bookings', bookingsByAddress, address, bookings),
      ]);
    },
    connect: (address) => count('connections', connectionsByAddress, address, 1),
  };
}

const refusals = (registry: Registry): Counter => {
  const counter = new Counter({
    name: 'caregraph_gateway_rate_limited_total',
    help: 'Operations refused for their number, by limit: caller, address, bookings, connections.',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of kinds) counter.inc({ limit }, 0);
  return counter;
};

/** After failures in a row the counters are left alone for a while: nobody waits for a database that is gone. */
function patient(counters: Pick<Pool, 'query'>, log: Logger): { query: (query: object) => Promise<unknown> } {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker: new ConsecutiveBreaker(3) });
  policy.onBreak(() => {
    log.warn('the shared counters cannot be had; this replica counts for itself');
  });
  return { query: (query) => policy.execute(() => counters.query(query as { text: string })) };
}

/** Neither addresses nor accounts are kept in the database, where they only serve as names. */
function hashed(key: string): string {
  let name = names.get(key);
  if (name === undefined) {
    if (names.size >= mostNames) names.clear();
    names.set(key, (name = hash('sha256', key, 'base64url')));
  }
  return name;
}

/** The same few callers send most of what comes. */
const names = new Map<string, string>();
const mostNames = 10_000;

const tooMany = (retryAfterSeconds: number): GraphQLError =>
  new GraphQLError(`Too many requests; try again in ${retryAfterSeconds} s.`, {
    extensions: {
      code: 'TOO_MANY_REQUESTS',
      retryAfterSeconds,
      http: { status: 429, headers: new HeaderMap([['retry-after', String(retryAfterSeconds)]]) },
    },
  });
