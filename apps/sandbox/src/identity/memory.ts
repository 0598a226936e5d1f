// Where the OIDC provider keeps sessions, codes and grants: in memory, outside of it, so that they outlive a change of keys.
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

export function memory(): AdapterFactory {
  const shelf = new Map<string, Kept>();

  const alive = (key: string): AdapterPayload | undefined => {
    const kept = shelf.get(key);
    if (kept && kept.expiresAt <= Date.now()) shelf.delete(key);
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
        expiresAt: expiresIn ? Date.now() + expiresIn * 1_000 : Infinity,
      });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(alive(`${name}:${id}`)),
    findByUid: (uid) => Promise.resolve(firstOf(name, (payload) => payload.uid === uid)),
    findByUserCode: (code) => Promise.resolve(firstOf(name, (payload) => payload.userCode === code)),
    consume: (id) => {
      const payload = alive(`${name}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
      return Promise.resolve();
    },
    destroy: (id) => {
      shelf.delete(`${name}:${id}`);
      return Promise.resolve();
    },
    revokeByGrantId: (grantId) => {
      for (const [key, { payload }] of shelf) if (payload.grantId === grantId) shelf.delete(key);
      return Promise.resolve();
    },
  });
}
