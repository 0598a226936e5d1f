// The three phases in which a key replaces another, none of which any caller notices: it is accepted everywhere, then
// it signs everywhere, and when nothing that the older one made counts any more, that one goes.
import { setTimeout as pause } from 'node:timers/promises';
import type { RingKey } from '../../stack/rings.js';
import type { KeyRing, Loaded } from './key-ring.js';
import { stillNeeded } from './sealed-values.js';
import { CannotDo } from './stack.js';

export interface Patience {
  /** How long all apps may take to load a ring, milliseconds. */
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

/** Phases one and two; goes on where an earlier call was ended. Throws CannotDo when a change waits for its third. */
export async function rotateKey(ring: KeyRing, patience: Patience): Promise<void> {
  if (ring.change?.phase === 'promoted')
    throw new CannotDo(`${ring.name}: an older key is still there; run keys retire ${ring.name} first.`);
  const key = added(ring) ?? add(ring);
  patience.say(`${ring.name}: ${ring.kid(key)} is added`);
  await untilLoaded(ring, 'accepts the new key', patience, ({ use, kids }) =>
    kids.includes(ring.kid(key, use.file)),
  );
  ring.write([key, ...ring.keys().filter((other) => ring.kid(other) !== ring.kid(key))]);
  await untilLoaded(ring, 'signs with the new key', patience, signsWith(ring, key));
  ring.change = { phase: 'promoted', kid: ring.kid(key), at: new Date().toISOString() };
  patience.say(`${ring.name}: ${ring.kid(key)} signs everywhere; the older key can go after keys retire`);
}

/** The key that an earlier call has added. */
const added = (ring: KeyRing): RingKey | undefined =>
  ring.keys().find((key) => ring.kid(key) === ring.change?.kid);

function add(ring: KeyRing): RingKey {
  const key = ring.definition.newKey();
  // First what is meant, then the deed: a call that is ended between the two begins anew.
  ring.change = { phase: 'added', kid: ring.kid(key), at: new Date().toISOString() };
  ring.write([...ring.keys(), key]);
  return key;
}

export interface RetireOptions extends Patience {
  /** Another lifetime than the ring's own, milliseconds: for whoever knows that nothing older is about. */
  readonly lifetimeMs?: number | undefined;
  /** How long to wait until the key may go, milliseconds; 0 asks once. */
  readonly waitMs: number;
}

/** Phase three. Throws CannotDo, and says why, while something may still need the older key. */
export async function retireKeys(ring: KeyRing, options: RetireOptions): Promise<void> {
  const { change } = ring;
  const newest = added(ring);
  if (change?.phase !== 'promoted' || !newest)
    throw new CannotDo(`${ring.name}: no key waits to be retired; keys rotate ${ring.name} makes one.`);
  const older = ring.keys().filter((key) => ring.kid(key) !== ring.kid(newest));
  const deadline = Date.now() + options.waitMs;
  for (;;) {
    const reason = await whyNotYet(ring, newest, older, options);
    if (reason === undefined) break;
    if (Date.now() >= deadline) throw new CannotDo(`${ring.name}: ${reason}`);
    await pause(Math.min(1_000, Math.max(1, deadline - Date.now())));
  }
  if (ring.definition.sealedIn) ring.archive(older);
  ring.write([newest]);
  await untilLoaded(
    ring,
    'has dropped the older key',
    options,
    ({ use, kids }) => kids.length > 0 && older.every((key) => !kids.includes(ring.kid(key, use.file))),
  );
  ring.change = undefined;
  options.say(`${ring.name}: ${older.map((key) => ring.kid(key)).join(', ')} is retired`);
}

/** Undefined when nothing needs the older keys any more. */
export async function whyNotYet(
  ring: KeyRing,
  newest: RingKey,
  older: readonly RingKey[],
  { lifetimeMs = ring.definition.lifetimeSeconds * 1_000 }: Pick<RetireOptions, 'lifetimeMs'>,
): Promise<string | undefined> {
  const promotedAt = Date.parse(ring.change?.at ?? '');
  if (ring.definition.lifetimeSeconds === Infinity) return 'its older keys are needed for ever';
  const behind = (await ring.loaded()).filter((loaded) => !signsWith(ring, newest)(loaded));
  if (behind.length > 0) return `${namesOf(behind)} does not sign with the new key`;
  const leftMs = promotedAt + lifetimeMs - Date.now();
  if (leftMs > 0) return `what the older key made may count for another ${Math.ceil(leftMs / 1_000)} s`;
  return stillNeeded(
    ring,
    older.map((key) => ring.kid(key)),
    promotedAt,
  );
}

const signsWith =
  (ring: KeyRing, key: RingKey) =>
  ({ use, kids }: Loaded): boolean =>
    kids[0] === ring.kid(key, use.file);

const namesOf = (loaded: readonly Loaded[]): string => loaded.map(({ use }) => use.app).join(', ');

async function untilLoaded(
  ring: KeyRing,
  what: string,
  { timeoutMs }: Patience,
  isSo: (loaded: Loaded) => boolean,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const behind = (await ring.loaded()).filter((loaded) => !isSo(loaded));
    if (behind.length === 0) return;
    if (Date.now() >= deadline)
      throw new CannotDo(
        `${ring.name}: after ${timeoutMs / 1_000} s it is not so that ${namesOf(behind)} ${what}. Nothing is lost: run it again.`,
      );
    await pause(200);
  }
}
