// NOTIFY and LISTEN between the replicas of one app: short notices, told once, to whoever listens at the moment.
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '@caregraph/runtime';

const reconnectMs = 500;

/** For all who listen, the process that tells included. The relay tells them (`announce`). */
export interface Notice {
  readonly channel: string;
  /** Under 8000 bytes, which is PostgreSQL's limit: one that is longer keeps its batch from being marked. */
  readonly text: string;
}

export interface NoticesOptions {
  readonly url: string;
  readonly channel: string;
  readonly log: Logger;
  readonly onNotice: (text: string) => void;
  /** Runs after each connection: what was told before it is lost. */
  readonly onConnected: () => void;
}

/** Listens until closed, over as many connections as it takes. */
export function listenForNotices(options: NoticesOptions): { close(): Promise<void> } {
  const closing = new AbortController();
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await session(options, closing.signal).catch((error: unknown) => {
        options.log.warn({ err: error, reason: options.channel }, 'notices cannot be listened for');
      });
      await delay(reconnectMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const ended = follow();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}

/** One connection, until it ends or the listening does. */
async function session(
  { url, channel, onNotice, onConnected }: NoticesOptions,
  closing: AbortSignal,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `notices ${channel}`,
    keepAlive: true,
  });
  const over = new Promise<void>((resolve) => {
    client.once('error', () => {
      resolve();
    });
    client.once('end', resolve);
    closing.addEventListener('abort', () => {
      resolve();
    });
  });
  client.on('notification', ({ payload }) => {
    onNotice(payload ?? '');
  });
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    onConnected();
    await over;
  } finally {
    await client.end().catch(() => undefined);
  }
}
