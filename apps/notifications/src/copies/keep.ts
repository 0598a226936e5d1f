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
  return take(em, known, current, state);
}

/** Keeps also what is said again in the same version: it may be sealed with a newer key by now. */
export async function keepSealed<Known extends Copy>(
  em: EntityManager,
  known: EntityClass<Known>,
  state: RequiredEntityData<Known> & Copy,
): Promise<void> {
  const current = (await em.findOne(known, { id: state.id } as never)) as Known | null;
  if (!current || current.version <= state.version) take(em, known, current, state);
}

function take<Known extends Copy>(
  em: EntityManager,
  known: EntityClass<Known>,
  current: Known | null,
  state: RequiredEntityData<Known> & Copy,
): Known {
  const kept: Known = current ?? em.create<Known>(known, state);
  em.persist(em.assign(kept, state as never));
  return kept;
}
