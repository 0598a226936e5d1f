// A dedicated connection that wakes its owner: at once by NOTIFY, and by polling in case a notification was lost.
// Session locks taken on it last exactly as long as the connection, so they are gone when the process is.
import pg from 'pg';
import type { Logger } from '@caregraph/runtime';

export interface Session {
  /** Runs one query after the other, in the order of asking. */
  query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /** Aborted when the connection breaks or the watch stops. */
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  readonly url: string;
  /** What PostgreSQL shows as the application's name. */
  readonly name: string;
  readonly channels: readonly string[];
  readonly log: Logger;
  /** The longest time between two turns, in milliseconds; 1 second when left out. */
  readonly pollMs?: number | undefined;
  /** Runs on a fresh connection, before the first turn. */
  readonly opened?: (session: Session) => Promise<void>;
  /** One turn of work; never two at a time. What it throws ends the connection, and a new one begins afresh. */
  readonly turn: (session: Session, reasons: ReadonlySet<string>) => Promise<void>;
  /** Runs before the connection is given back, also when it broke. */
  readonly closing?: (session: Session) => Promise<void>;
}

export interface Watch {
  /** Resolves after the first turn. */
  readonly started: Promise<void>;
  /** Asks for a turn soon, for a reason that the turn is told (a channel's name, or `poll`). */
  wake(reason: string): void;
  /** Ends after the present turn. */
  stop(): Promise<void>;
}

const reconnectMs = 1_000;

/** A peer that vanished without a word is noticed on both sides within half a minute, and its locks are free then. */
const promptFailure = {
  connectionTimeoutMillis: 5_000,
  query_timeout: 30_000,
  keepAlive: true,
  options: '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
};

export function startWatch(options: WatchOptions): Watch {
  const stopping = new AbortController();
  const stopped = (): boolean => stopping.signal.aborted;
  const bell = new Bell();
  let afterTurn = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    afterTurn = resolve;
  });

  const run = async (): Promise<void> => {
    while (!stopped()) {
      try {
        await runSession(options, bell, stopping.signal, afterTurn);
      } catch (error) {
        if (stopped()) return;
        options.log.warn(
          { err: error, reason: options.name },
          'a watching connection ended; another is opened',
        );
      }
      // Jitter, so that all apps do not return to a restarted database in the same instant.
      await bell.rest(reconnectMs * (0.5 + Math.random() / 2), stopping.signal);
    }
  };
  const ended = run().finally(afterTurn);

  return {
    started,
    wake: (reason) => {
      bell.ring(reason);
    },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function runSession(
  options: WatchOptions,
  bell: Bell,
  stopping: AbortSignal,
  afterTurn: () => void,
): Promise<void> {
  const lost = new AbortController();
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.name,
    ...promptFailure,
  });
  const signal = AbortSignal.any([lost.signal, stopping]);
  let cause: Error | undefined;
  client.on('error', (error) => {
    cause = error;
    lost.abort();
  });
  client.on('end', () => {
    lost.abort();
  });
  client.on('notification', ({ channel }) => {
    bell.ring(channel);
  });
  const session: Session = { query: inTurn(client), signal };
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`listen ${channel}`);
    await options.opened?.(session);
    bell.ring('poll');
    while (!signal.aborted) {
      await options.turn(session, bell.reasons());
      afterTurn();
      await bell.heard(options.pollMs ?? 1_000, signal);
    }
    if (!stopping.aborted) throw cause ?? new Error('The connection was closed.');
  } finally {
    // Also after an error of a turn: whoever works for this session must stop before the next one begins.
    lost.abort();
    await options.closing?.(session);
    await client.end().catch(() => undefined);
  }
}

/** Several parts ask over one connection; the client itself wants only one query at a time. */
function inTurn(client: pg.Client): Session['query'] {
  let last: Promise<unknown> = Promise.resolve();
  return <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
    const result = last.then(() => client.query<Row>(sql, [...values]));
    last = result.catch(() => undefined);
    return result;
  };
}

/** Gathers the reasons to wake until somebody asks for them. */
class Bell {
  private readonly rung = new Set<string>();
  private onRing: (() => void) | undefined;

  ring(reason: string): void {
    this.rung.add(reason);
    this.onRing?.();
  }

  reasons(): ReadonlySet<string> {
    const reasons = new Set(this.rung);
    this.rung.clear();
    return reasons;
  }

  /** Waits until it rings; after `ms` it rings by itself. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    if (this.rung.size > 0 || signal.aborted) return;
    await this.rest(ms, signal, true);
    if (this.rung.size === 0) this.rung.add('poll');
  }

  /** Waits `ms`, or less when the signal comes or, if asked for, the bell. */
  async rest(ms: number, signal: AbortSignal, untilRung = false): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
      if (untilRung) this.onRing = wake;
      if (signal.aborted) wake();
    });
    this.onRing = undefined;
  }
}
