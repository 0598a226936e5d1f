// What payments knows of practices: their names, which payers read beside the amount.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { practiceChanged } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';

const KnownPracticeSchema = defineEntity({
  name: 'KnownPractice',
  tableName: 'known_practice',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    name: p.string(),
  },
});
export class KnownPractice extends KnownPracticeSchema.class {}
KnownPracticeSchema.setClass(KnownPractice);
export { KnownPracticeSchema };

export const onPracticeChanged = consumer(
  practiceChanged,
  async ({ em }: Deps, { practiceId, version, name }) => {
    const known = await em.findOne(KnownPractice, { id: practiceId });
    if (!known) em.persist(em.create(KnownPractice, { id: practiceId, practiceId, version, name }));
    else if (known.version < version) em.assign(known, { version, name });
  },
);
