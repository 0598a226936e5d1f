// How the gateway serves a change of the manifests without a restart: what is new is planned first, then served.
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@caregraph/runtime';
import type { TrustedOperation } from './manifest.js';
import type { TrustedDocuments } from './trusted-documents.js';

interface Following {
  readonly log: Logger;
  /** How often the files are looked at, in milliseconds; a second when left out. Mounted files tell no changes. */
  readonly everyMs?: number;
  readonly plan: (operations: readonly TrustedOperation[]) => Promise<void>;
}

/** Starts to follow; returns how to stop. */
export function followManifests(
  documents: TrustedDocuments,
  { log, everyMs = 1_000, plan }: Following,
): { stop(): Promise<void> } {
  const ended = new AbortController();
  const isOver = (): boolean => ended.signal.aborted;
  let told = '';
  const look = async (): Promise<void> => {
    const operations = await documents.changed();
    if (!operations) return;
    await plan(operations);
    documents.take(operations);
    told = '';
    log.info({ documents: operations.length }, 'the trusted documents were replaced');
  };
  const follow = async (): Promise<void> => {
    while (!isOver()) {
      await pause(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
      if (isOver()) return;
      await look().catch((error: unknown) => {
        // A file that stays away is told once, and not every second.
        if (told !== String(error)) log.error({ err: error }, 'the trusted documents could not be replaced');
        told = String(error);
      });
    }
  };
  const following = documents.mode === 'off' ? Promise.resolve() : follow();
  return {
    stop: () => {
      ended.abort();
      return following;
    },
  };
}
