// Ids of new things: the client's choice, or ours.
import { randomUUID } from 'node:crypto';
import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import { badInput, idOf } from '@caregraph/subgraph';

/** The id for a new row; refuses one that is no UUID, or is taken. */
export async function newId<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  chosen: string | null | undefined,
): Promise<string> {
  if (!chosen) return randomUUID();
  const id = idOf('id', chosen);
  if (await em.count(entity, { id } as never)) throw badInput({ field: 'id', message: 'is already used' });
  return id;
}
