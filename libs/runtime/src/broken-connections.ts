// Gives connections that break in the middle of a transaction back to the ORM's pool. Kysely 0.29 releases a connection
// only after a commit or rollback that succeeded, which a broken connection cannot have: each restart of PostgreSQL
// would take places from the pool for good, until the app stood still.
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';

/** Watches over the ORM's pool from now on, and returns it. */
export async function releaseBrokenConnections(orm: MikroORM): Promise<Pool> {
  const pool: Pool = await orm.em.getConnection().getNativeClient();

  const taken = new Map<PoolClient, () => void>();
  pool.on('acquire', (client) => {
    const giveBack = (): void => {
      // After whoever holds it had the chance to give it back himself.
      setImmediate(() => {
        if (taken.get(client) !== giveBack) return;
        const release = client.release.bind(client);
        // Giving back twice is an error to the pool, and the holder may still come to it.
        client.release = () => undefined;
        release(new Error('The connection broke.'));
      });
    };
    taken.set(client, giveBack);
    client.once('end', giveBack);
  });
  pool.on('release', (_error, client) => {
    const giveBack = taken.get(client);
    taken.delete(client);
    if (giveBack) client.removeListener('end', giveBack);
  });
  return pool;
}
