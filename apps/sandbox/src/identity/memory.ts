// Where the OIDC provider keeps sessions, codes and grants: outside of it, so that they outlive a change of keys.
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Journal } from '../world/journal.js';

interface Kept {
  readonly payload: AdapterPayload;
  /** Absent when it never does. */
  readonly expiresAt?: number;
}

export function memory(journal: Journal): AdapterFactory {
  const shelf = journal.shelf<Kept>('identity.sessions');
  /** The library answers its requests by itself, so nobody else writes before it does. */
  const written = (): Promise<void> => {
    journal.commit();
    return Promise.resolve();
  };

  const alive = (key: string): AdapterPayload | undefined => {
    const kept = shelf.get(key);
    if (kept?.expiresAt !== undefined && kept.expiresAt <= Date.now()) shelf.delete(key);
    return shelf.get(key)?.payload;
  };
  const firstOf = (name: string, fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...shelf.keys()]
      .filter((key) => key.startsWith(`${name}:`))
      .map(alive)
      .find((payload) => payload !== undefined && fits(payload));

  return (name): Adapter => ({
    upsert: (id, payload, expiresIn) => {
      shelf.set(`${name}:${id}`, {
        payload,
        ...(expiresIn && { expiresAt: Date.now() + expiresIn * 1_000 }),
      });
      return written();
    },
    find: (id) => Promise.resolve(alive(`${name}:${id}`)),
    findByUid: (uid) => Promise.resolve(firstOf(name, (payload) => payload.uid === uid)),
    findByUserCode: (code) => Promise.resolve(firstOf(name, (payload) => payload.userCode === code)),
    consume: (id) => {
      const payload = alive(`${name}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
      return written();
    },
    destroy: (id) => {
      shelf.delete(`${name}:${id}`);
      return written();
    },
    revokeByGrantId: (grantId) => {
      for (const [key, { payload }] of shelf) if (payload.grantId === grantId) shelf.delete(key);
      return written();
    },
  });
}
