// Reading feature flags, for support and for the admins of practices.
import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { decideFlag, featureFlags } from '@caregraph/contracts';
import { idOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { FeatureFlag } from './feature-flag.js';
import { asPercentage, asSwitch, FeatureFlagDecisionObject, FeatureFlagObject } from './feature-flag.type.js';
import { flagsSet, unset } from './find-feature-flag.js';

const byReaders = '@policy(policies: [["role:admin"], ["role:support"]])';

/** Far more changes of owner than ever go on at once. */
const mostLabels = 100;

@Resolver()
export class FeatureFlagQueries {
  @Directive('@authenticated')
  @Directive(byReaders)
  @Query(() => [FeatureFlagObject], {
    description:
      'All feature flags, then the labels of `@override` that were ever set, as `override.<label>`, at most 100. For admins and support.',
  })
  async featureFlags(@Ctx() { em }: Deps): Promise<FeatureFlag[]> {
    const stored = await em.find(FeatureFlag, {}, { orderBy: { key: 'asc' } });
    const known = [...featureFlags.keys()].map(
      (key) => stored.find((flag) => flag.key === key) ?? unset(key),
    );
    return [...known, ...stored.filter(({ key }) => key.startsWith('override.')).slice(0, mostLabels)];
  }

  @Directive('@authenticated')
  @Directive(byReaders)
  @Query(() => FeatureFlagDecisionObject, {
    nullable: true,
    description:
      'What a flag comes to, for a provider or without one; null when there is no such flag. For admins and support.',
  })
  async featureFlag(
    @Ctx() { em }: Deps,
    @Arg('key', () => String) key: string,
    @Arg('providerId', () => ID, { nullable: true }) providerId?: string | null,
  ): Promise<FeatureFlagDecisionObject | null> {
    const provider = providerId ? idOf('providerId', providerId) : null;
    const decision = decideFlag(await flagsSet(em), key, provider);
    if (!decision) return null;
    const { value, reason } = decision;
    return { key, on: asSwitch(value), percentage: asPercentage(value), reason };
  }
}
