// Says a noun's whole present state again, for consumers that are new or whose copies were lost. Events carry whole
// state and a version, so whoever has it already drops it.
import { IsolationLevel, type EntityClass, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import type { DomainEvent } from '@caregraph/contracts';
import { publish } from './publish.js';

/** A page of a noun's rows as events of their present state, by their ids, from behind `after` on. */
export type Restating = (
  em: EntityManager,
  after: string,
  limit: number,
) => Promise<readonly { readonly id: string; readonly event: DomainEvent }[]>;

/** What an app can say again, by noun. */
export type Republishable = Readonly<Record<string, Restating>>;

const pageSize = 200;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * Publishes all of a noun through the outbox, a transaction for each page. What changes meanwhile is published by its
 * own transaction in a higher version. Returns how many were said.
 */
export async function republish(orm: MikroORM, restating: Restating, now: Date): Promise<number> {
  let after = beforeAll;
  for (let count = 0; ;) {
    const page = await orm.em.fork().transactional(
      async (em) => {
        const rows = await restating(em, after, pageSize);
        for (const { event } of rows) publish(em, event, now);
        return rows;
      },
      { isolationLevel: IsolationLevel.REPEATABLE_READ },
    );
    count += page.length;
    const last = page.at(-1);
    if (!last) return count;
    after = last.id;
  }
}

/** The pages of an entity whose key is `id`. `eventsOf` answers one event for each row, in their order. */
export const restating =
  <Row extends { readonly id: string }>(
    entity: EntityClass<Row>,
    eventsOf: (
      rows: readonly Row[],
      em: EntityManager,
    ) => readonly DomainEvent[] | Promise<readonly DomainEvent[]>,
  ): Restating =>
  async (em, after, limit) => {
    const rows = (await em.find(entity, { id: { $gt: after } } as never, {
      orderBy: { id: 'asc' } as never,
      limit,
    })) as Row[];
    const events = await eventsOf(rows, em);
    return rows.flatMap(({ id }, index) => {
      const event = events[index];
      return event ? [{ id, event }] : [];
    });
  };
