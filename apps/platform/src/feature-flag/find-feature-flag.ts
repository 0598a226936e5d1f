// Flags as they are set; one that nobody ever set is there all the same, with its default.
import { randomUUID } from 'node:crypto';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { flagDefinition, type FlagsSet } from '@caregraph/contracts';
import { FeatureFlag, FeatureFlagUnknown } from './feature-flag.js';

/** The flag, locked until the transaction ends; new and not yet stored when nobody ever set it. */
export async function lockFlag(em: EntityManager, key: string): Promise<FeatureFlag | FeatureFlagUnknown> {
  if (!flagDefinition(key)) return new FeatureFlagUnknown();
  // There may be no row to wait for.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 8))`, [key]);
  const stored = await em.findOne(FeatureFlag, { key }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return stored ?? unset(key);
}

/** A flag that nobody ever set. */
export const unset = (key: string): FeatureFlag =>
  Object.assign(new FeatureFlag(), { id: randomUUID(), key });

/** What is set, for the decision. */
export async function flagsSet(em: EntityManager): Promise<FlagsSet> {
  const flags = await em.find(FeatureFlag, {});
  const byKey = new Map(flags.map((flag) => [flag.key, flag]));
  return (key) => byKey.get(key);
}
