// One copy of another app's noun: the highest version wins, whatever order the events come in.
import type { EntityClass, EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';

interface Copy {
  readonly id: string;
  readonly version: number;
}

/** Keeps the state; undefined when it is no newer than what is known. */
export async function keep<Known extends Copy>(
  em: EntityManager,
  known: EntityClass<Known>,
  state: RequiredEntityData<Known> & Copy,
): Promise<Known | undefined> {
  const current = (await em.findOne(known, { id: state.id } as never)) as Known | null;
  if (current && current.version >= state.version) return undefined;
  const kept: Known = current ?? em.create<Known>(known, state);
  em.persist(em.assign(kept, state as never));
  return kept;
}
