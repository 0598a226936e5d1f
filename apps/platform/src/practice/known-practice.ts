// What the platform knows of practices: which there are. A row is also what changes of a practice's people wait for.
import { defineEntity, LockMode, p, type EntityManager } from '@mikro-orm/postgresql';
import { practiceChanged, Refusal } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { refusalType } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';

const KnownPracticeSchema = defineEntity({
  name: 'KnownPractice',
  tableName: 'known_practice',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    active: p.boolean(),
  },
});
export class KnownPractice extends KnownPracticeSchema.class {}
KnownPracticeSchema.setClass(KnownPractice);
export { KnownPracticeSchema };

export const onPracticeChanged = consumer(
  practiceChanged,
  async ({ em }: Deps, { practiceId, version, active }) => {
    const known = await em.findOne(KnownPractice, { id: practiceId });
    if (!known) em.persist(em.create(KnownPractice, { id: practiceId, practiceId, version, active }));
    else if (known.version < version) em.assign(known, { version, active });
  },
);

export class PracticeNotKnown extends Refusal {
  readonly code = 'PRACTICE_NOT_KNOWN';
  readonly message = 'There is no such practice, or it was opened a moment ago: then try again.';
}
refusalType(
  PracticeNotKnown,
  'Returned when there is no such practice; one that was opened a moment ago may not be known yet.',
);

/** The practice, locked until the transaction ends: its admins and its keys are counted by one at a time. */
export const lockPractice = (em: EntityManager, id: string): Promise<KnownPractice | null> =>
  em.findOne(KnownPractice, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
