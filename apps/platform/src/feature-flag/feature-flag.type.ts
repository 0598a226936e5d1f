// A feature flag as clients see it, and its refusals.
import {
  Args,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { flagReasons, type FlagReason } from '@caregraph/contracts';
import {
  connection,
  connectionOf,
  cursorOf,
  PageArguments,
  pageSize,
  refusalType,
  type Connection,
} from '@caregraph/subgraph';
import { FeatureFlagForAll, FeatureFlagFull, FeatureFlagUnknown, type FeatureFlag } from './feature-flag.js';

refusalType(FeatureFlagUnknown, 'Returned when nothing asks for a flag of this key.');
refusalType(FeatureFlagForAll, 'Returned when the flag cannot be set for a single provider.');
refusalType(FeatureFlagFull, 'Returned when the flag is set for 1,000 providers already.');

const FeatureFlagKindEnum = { SWITCH: 'switch', KILL_SWITCH: 'kill-switch', PERCENTAGE: 'percentage' };
registerEnumType(FeatureFlagKindEnum, {
  name: 'FeatureFlagKind',
  description:
    'SWITCH: on or off. KILL_SWITCH: on, it stops something. PERCENTAGE: for how many percent of the providers.',
});

const FeatureFlagReasonEnum = Object.fromEntries(flagReasons.map((reason) => [reason, reason]));
registerEnumType(FeatureFlagReasonEnum, {
  name: 'FeatureFlagReason',
  description: 'What decided: the first of these that says anything, in this order.',
});

@ObjectType('FeatureFlagProvider', { description: 'What a flag is set to for a provider.' })
class FeatureFlagProviderObject {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => Boolean, { description: 'Whether it is on.' })
  on!: boolean;
}
const ProviderConnection = connectionOf(FeatureFlagProviderObject, 'FeatureFlagProvider');

@ObjectType('FeatureFlag', { description: 'What a feature flag is, and what it is set to.' })
export class FeatureFlagObject {
  @Field(() => String, { description: 'For example booking.request_mode_enabled.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The account that changed it last; null when nobody has.',
  })
  changedBy!: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was changed last; null when it never was.' })
  changedAt!: Date | null;
}

@Resolver(() => FeatureFlagObject)
export class FeatureFlagFields {
  @FieldResolver(() => FeatureFlagKindEnum, { description: 'What it can be set to.' })
  kind(@Root() { definition }: FeatureFlag): string {
    return definition.kind;
  }

  @FieldResolver(() => String, { description: 'What it decides.' })
  description(@Root() { definition }: FeatureFlag): string {
    return definition.description;
  }

  @FieldResolver(() => String, { nullable: true, description: 'The kill switch that overrules it, by key.' })
  killSwitch(@Root() { definition }: FeatureFlag): string | null {
    return definition.kind === 'switch' ? (definition.killSwitch ?? null) : null;
  }

  @FieldResolver(() => Boolean, { nullable: true, description: 'Its default; null for a percentage.' })
  onByDefault(@Root() { definition }: FeatureFlag): boolean | null {
    return asSwitch(definition.default);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Its default, 0 to 100; null for all but percentages.',
  })
  percentageByDefault(@Root() { definition }: FeatureFlag): number | null {
    return asPercentage(definition.default);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'What it is set to for everybody; null when it is not set, and for percentages.',
  })
  on(@Root() { value }: FeatureFlag): boolean | null {
    return asSwitch(value);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'What it is set to, 0 to 100; null when it is not set, and for all but percentages.',
  })
  percentage(@Root() { value }: FeatureFlag): number | null {
    return asPercentage(value);
  }

  @Directive(pageSize)
  @FieldResolver(() => ProviderConnection, {
    description: 'For which providers it is set, by their ids; at most 1,000.',
  })
  providers(
    @Root() { providers }: FeatureFlag,
    @Args(() => PageArguments) { first, after }: PageArguments,
  ): Connection<FeatureFlagProviderObject> {
    const last = cursorOf(after)?.id ?? '';
    const rows = Object.entries(providers)
      .map(([providerId, on]) => ({ providerId, on }))
      .filter(({ providerId }) => providerId > last)
      .sort((one, other) => (one.providerId < other.providerId ? -1 : 1));
    // They have no time of their own: all stand at the same, and the id alone orders them.
    return connection(rows, first, ({ providerId }) => ({ at: new Date(0), id: providerId }));
  }
}

@ObjectType('FeatureFlagDecision', { description: 'What a flag comes to, and why.' })
export class FeatureFlagDecisionObject {
  @Field(() => String, { description: 'The flag.' })
  key!: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is on; null for a percentage.' })
  on!: boolean | null;

  @Field(() => Int, { nullable: true, description: '0 to 100; null for all but percentages.' })
  percentage!: number | null;

  @Field(() => FeatureFlagReasonEnum, { description: 'What decided it.' })
  reason!: FlagReason;
}

export const asSwitch = (value: boolean | number | null): boolean | null =>
  typeof value === 'boolean' ? value : null;
export const asPercentage = (value: boolean | number | null): number | null =>
  typeof value === 'number' ? value : null;
