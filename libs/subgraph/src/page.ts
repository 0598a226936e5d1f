// One page of a list, in the order in which things were created.
import type { EntityClass, EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { connection, cursorOf, type Connection, type PageArguments } from './connection.js';

interface Row {
  readonly id: string;
  readonly createdAt: Date;
}

/** The page behind `after`; one row more than asked for tells whether there is another. */
export async function pageOf<Entity extends Row>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  where: FilterQuery<Entity>,
  { first, after }: PageArguments,
): Promise<Connection<Entity>> {
  // Clients send null for "from the beginning".
  const cursor = cursorOf(after ?? undefined);
  const behind = cursor && {
    $or: [{ createdAt: { $gt: cursor.at } }, { createdAt: cursor.at, id: { $gt: cursor.id } }],
  };
  const rows = await em.find(entity, (behind ? { $and: [where, behind] } : where) as FilterQuery<Entity>, {
    limit: first + 1,
    orderBy: { createdAt: 'asc', id: 'asc' } as never,
  });
  return connection(rows as Entity[], first, ({ createdAt, id }) => ({ at: createdAt, id }));
}
