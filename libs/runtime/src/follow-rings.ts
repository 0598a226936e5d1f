// Keeps an app's rings as their files are. Kubernetes replaces a mounted secret by moving a link, which file watching
// misses on many systems; so the text is read again each second, and compared.
import { Gauge, type Registry } from 'prom-client';
import type { Logger } from './log.js';
import { Ring } from './ring.js';
import type { Closing } from './shutdown.js';

interface Followed {
  readonly name: string;
  readonly ring: Ring<unknown>;
  /** What was looked at last, taken or not. */
  seen: string | undefined;
  /** Whether the file holds something that was not taken. */
  rejected: boolean;
}

export interface FollowOptions {
  /** Rings are found in it under the names of their variables. */
  readonly config: object;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly closing: Pick<Closing, 'add'>;
  /** Milliseconds between two looks, 1000 if left out. */
  readonly everyMs?: number;
}

/**
 * Takes over what the files of the config's rings hold, from now on until closing. A file that cannot be read or is no
 * ring changes nothing: the ring goes on as it is, and the log and `caregraph_key_ring_rejected` tell it.
 */
export function followRings({ config, log, metrics, closing, everyMs = 1_000 }: FollowOptions): void {
  const rings = Object.entries(config).flatMap(([name, ring]): Followed[] =>
    ring instanceof Ring ? [{ name, ring, seen: undefined, rejected: false }] : [],
  );
  addRingMetrics(metrics, rings);
  const look = (): void => {
    for (const each of rings) lookAt(each, log);
  };
  look();
  const timer = setInterval(look, everyMs).unref();
  closing.add('key rings', () => {
    clearInterval(timer);
  });
}

function lookAt(followed: Followed, log: Logger): void {
  const { name, ring } = followed;
  if (!ring.source) return;
  let text = '';
  try {
    text = ring.source.text();
    if (text === followed.seen) return;
    const before = ring.kids.join();
    ring.take(ring.source.read(text));
    followed.rejected = false;
    if (ring.kids.join() !== before)
      log.info({ key: name, count: ring.kids.length }, 'a key ring has changed');
  } catch {
    // Neither the text nor the error of reading it is told: both may hold the secret. Once for each content.
    if (!followed.rejected || text !== followed.seen)
      log.error({ key: name }, 'a key ring could not be read and stays as it is');
    followed.rejected = true;
  }
  followed.seen = text;
}

function addRingMetrics(registry: Registry, rings: readonly Followed[]): void {
  new Gauge({
    name: 'caregraph_key_ring_keys',
    help: 'Keys that are loaded, 1 each: `signing` is the one that signs or seals, `accepting` any other.',
    labelNames: ['ring', 'kid', 'role'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, ring } of rings)
        for (const [index, kid] of ring.kids.entries())
          this.set({ ring: name, kid, role: index === 0 ? 'signing' : 'accepting' }, 1);
    },
  });
  new Gauge({
    name: 'caregraph_key_ring_rejected',
    help: '1 while the file of a ring holds something that was not taken.',
    labelNames: ['ring'],
    registers: [registry],
    collect() {
      for (const { name, ring, rejected } of rings)
        if (ring.source) this.set({ ring: name }, rejected ? 1 : 0);
    },
  });
}
