// Whether anybody still waits for what a request does. Callers that gave up ask again; an app that goes on working off
// what they left behind answers nobody in time any more, and never recovers by itself.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';

/** As PostgreSQL's and the network's faults have codes. */
const nobodyWaits = 'NOBODY_WAITS';

/** Thrown in the place of work whose result nobody would get. The same request may succeed later. */
export class NobodyWaits extends Error {
  override readonly name = 'NobodyWaits';
  /** The ORM hands on an error of its own, which keeps no more than this. */
  readonly code = nobodyWaits;

  constructor() {
    super('Nobody waits for the answer any more.');
  }
}

export class Patience {
  /**
   * Of a request that writes: once it has its first connection it goes on to its end, because between two transactions
   * it may have asked a vendor for something, and what came of that must be recorded.
   */
  writes = false;
  private bound = false;

  /** @param signal aborts when the time is over, or the caller has gone before he was answered. */
  constructor(readonly signal: AbortSignal) {}

  get isBound(): boolean {
    return this.bound;
  }

  get isOver(): boolean {
    return this.signal.aborted && !this.bound;
  }

  began(): void {
    this.bound ||= this.writes;
  }
}

const current = new AsyncLocalStorage<Patience>();

/** Runs what a request does; all that it begins is under the same patience. */
export const withPatience = <Result>(patience: Patience, run: () => Result): Result =>
  current.run(patience, run);

/** None for consumers, jobs and probes: they work for as long as it takes. */
export const currentPatience = (): Patience | undefined => current.getStore();

/**
 * Lets nobody have a connection whose caller has gone: neither one who asks for it late, nor one who waited in the line
 * until it was too late. He is refused with NobodyWaits.
 */
export function refuseLateConnections(pool: Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const withCallback = pool.connect.bind(pool);
  const patiently = (): Promise<PoolClient> => {
    const patience = current.getStore();
    return patience ? connectWithin(patience, connect) : connect();
  };
  pool.connect = ((callback?: Parameters<Pool['connect']>[0]) => {
    if (!callback) return patiently();
    withCallback(callback);
    return undefined;
  }) as Pool['connect'];
}

async function connectWithin(patience: Patience, connect: () => Promise<PoolClient>): Promise<PoolClient> {
  if (patience.isOver) throw new NobodyWaits();
  const place = connect();
  const client = patience.isBound ? await place : await unlessLeft(place, patience.signal);
  patience.began();
  return client;
}

async function unlessLeft(place: Promise<PoolClient>, signal: AbortSignal): Promise<PoolClient> {
  const listening = new AbortController();
  const left = new Promise<undefined>((resolve) => {
    const leave = (): void => {
      resolve(undefined);
    };
    signal.addEventListener('abort', leave, { once: true, signal: listening.signal });
  });
  const client = await Promise.race([place, left]).finally(() => {
    listening.abort();
  });
  if (client) return client;
  // The pool knows no way to leave its line; the place is given on as soon as it comes.
  place.then(
    (late) => {
      late.release();
    },
    () => undefined,
  );
  throw new NobodyWaits();
}
