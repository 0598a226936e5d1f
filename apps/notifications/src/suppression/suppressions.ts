// Addresses that mail must not be sent to any more, because it bounced or was called spam.
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';

export const suppressionCauses = ['BOUNCE', 'SPAM_REPORT', 'DROPPED'] as const;
export type SuppressionCause = (typeof suppressionCauses)[number];

export const SuppressionSchema = defineEntity({
  name: 'Suppression',
  tableName: 'suppression',
  properties: {
    addressHash: p.string().primary(),
    /** Whose message showed it; the suppression holds for all practices, as the vendor's own list does. */
    practiceId: p.uuid(),
    cause: p.enum(suppressionCauses),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});
export class Suppression extends SuppressionSchema.class {}
SuppressionSchema.setClass(Suppression);

/** Remembers the address; the first cause stays. */
export async function suppress(
  em: EntityManager,
  found: {
    readonly addressHash: string;
    readonly practiceId: string;
    readonly cause: SuppressionCause;
    readonly now: Date;
  },
): Promise<void> {
  await em.execute(
    'insert into suppression (address_hash, practice_id, cause, created_at) values (?, ?, ?, ?) on conflict do nothing',
    [found.addressHash, found.practiceId, found.cause, found.now],
    'run',
  );
}

export const isSuppressed = async (em: EntityManager, hashes: readonly string[]): Promise<boolean> =>
  (await em.count(Suppression, { addressHash: { $in: [...hashes] } })) > 0;
