// What calendar-sync knows of scheduling's providers: whose login may look into the calendar connection.
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import type { ProviderChanged } from '@caregraph/contracts';

const KnownProviderSchema = defineEntity({
  name: 'KnownProvider',
  tableName: 'known_provider',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    /** The provider's login (sub); null: nobody logs in. */
    account: p.string().nullable(),
  },
});
export class KnownProvider extends KnownProviderSchema.class {}
KnownProviderSchema.setClass(KnownProvider);
export { KnownProviderSchema };

/** Keeps the copy; a lower or equal version is dropped. */
export async function keepProvider(em: EntityManager, provider: ProviderChanged): Promise<void> {
  const { providerId: id, practiceId, version, account } = provider;
  const known = await em.findOne(KnownProvider, { id });
  if (!known) em.persist(em.create(KnownProvider, { id, practiceId, version, account }));
  else if (known.version < version) em.assign(known, { practiceId, version, account });
}
