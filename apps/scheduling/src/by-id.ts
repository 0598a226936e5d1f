// Rows by id, batched over one request: a page of providers asks for all their practices in one query.
import DataLoader from 'dataloader';
import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';
import { inOrder, isId } from '@caregraph/subgraph';

interface Row {
  readonly id: string;
}

interface Request {
  readonly em: EntityManager;
}

const loaders = new WeakMap<Request, Map<unknown, DataLoader<string, unknown>>>();

/** The row of that id; null when there is none. */
export const byId = <Entity extends Row>(
  deps: Request,
  entity: EntityClass<Entity>,
  id: string,
): Promise<Entity | null> =>
  loaderOf<Entity | null>(deps, entity, (ids) => findInOrder(deps.em, entity, ids)).load(id);

/** The rows of these ids, in this order; unknown ids are left out. */
export async function byIds<Entity extends Row>(
  deps: Request,
  entity: EntityClass<Entity>,
  ids: readonly string[],
): Promise<Entity[]> {
  const rows = await Promise.all(ids.map((id) => byId(deps, entity, id)));
  return rows.filter((row) => row !== null);
}

/** Rows for each of many ids at once, in the order of the ids; null where there is none. */
export async function findInOrder<Entity extends Row>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  ids: readonly string[],
): Promise<(Entity | null)[]> {
  const rows = await em.find(entity, { id: { $in: ids.filter(isId) } } as never);
  return inOrder(ids, rows as Entity[]);
}

/** A loader of one request, made on first use. `key` tells loaders apart and must be the same each time. */
export function loaderOf<Value>(
  deps: Request,
  key: unknown,
  load: (ids: readonly string[]) => Promise<readonly Value[]>,
): DataLoader<string, Value> {
  const ofRequest = loaders.get(deps) ?? new Map<unknown, DataLoader<string, unknown>>();
  loaders.set(deps, ofRequest);
  const known = ofRequest.get(key) as DataLoader<string, Value> | undefined;
  const loader = known ?? new DataLoader(load);
  ofRequest.set(key, loader);
  return loader;
}
