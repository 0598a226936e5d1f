// Ids of new rows: the client's choice, or ours.
import { randomUUID } from 'node:crypto';
import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import { badInput } from './errors.js';
import { idOf } from './ids.js';

/** The id for a new row; refuses one that is no UUID, or is taken. To be asked in the transaction that makes the row. */
export async function newId<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  chosen: string | null | undefined,
): Promise<string> {
  if (!chosen) return randomUUID();
  const id = idOf('id', chosen);
  if (await isTaken(em, entity, id)) throw badInput({ field: 'id', message: 'is already used' });
  return id;
}

/**
 * Whether there is a row of this id. Of those who want the same id at the same time one is told no, and the others wait
 * until its transaction ends: they find its row, where their own would break on the primary key.
 */
export async function isTaken<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  id: string,
): Promise<boolean> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`new:${id}`]);
  return (await em.count(entity, { id } as never)) > 0;
}
