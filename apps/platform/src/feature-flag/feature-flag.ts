// What a feature flag is set to, for everybody and for single providers. Which flags there are, and how one is decided,
// stands in libs/contracts, for all apps.
import {
  featureFlagChanged,
  flagDefinition,
  featureFlags,
  Refusal,
  type EventOf,
  type FlagDefinition,
} from '@caregraph/contracts';

type Changed = EventOf<typeof featureFlagChanged>;

/** For how many providers a flag may be set one by one: its event carries them all. */
export const mostProviders = 1_000;

export class FeatureFlagUnknown extends Refusal {
  readonly code = 'FEATURE_FLAG_UNKNOWN';
  readonly message = 'There is no such feature flag.';
}

export class FeatureFlagForAll extends Refusal {
  readonly code = 'FEATURE_FLAG_FOR_ALL';
  readonly message = 'This flag cannot be set for a single provider.';
}

export class FeatureFlagFull extends Refusal {
  readonly code = 'FEATURE_FLAG_FULL';
  readonly message = `The flag is set for ${mostProviders} providers: set it for everybody instead.`;
}

export class FeatureFlag {
  id!: string;
  key!: string;
  /** 0 while it is not stored. */
  version = 0;
  /** For everybody; null: nobody has set it. */
  value: boolean | number | null = null;
  /** By provider id. */
  providers: Readonly<Record<string, boolean>> = {};
  /** The account that changed it last; null: nobody, or the system. */
  changedBy: string | null = null;
  changedAt: Date | null = null;

  get definition(): FlagDefinition {
    const definition = flagDefinition(this.key);
    if (!definition) throw new Error(`Nothing asks for the flag ${this.key}.`);
    return definition;
  }

  /** For everybody; null sets it back to its default. */
  set(value: boolean | number | null, by: string | null, now: Date): Changed {
    this.value = value;
    return this.stamped(by, now);
  }

  setFor(
    providerId: string,
    on: boolean,
    by: string | null,
    now: Date,
  ): Changed | FeatureFlagForAll | FeatureFlagFull {
    if (!this.isForProviders) return new FeatureFlagForAll();
    const providers = { ...this.providers, [providerId]: on };
    if (Object.keys(providers).length > mostProviders) return new FeatureFlagFull();
    this.providers = providers;
    return this.stamped(by, now);
  }

  resetFor(providerId: string, by: string | null, now: Date): Changed | FeatureFlagForAll {
    if (!this.isForProviders) return new FeatureFlagForAll();
    const { [providerId]: _before, ...others } = this.providers;
    this.providers = others;
    return this.stamped(by, now);
  }

  /** Labels are decided for a whole request, whichever providers it is about. */
  private get isForProviders(): boolean {
    return this.definition.kind === 'switch' && featureFlags.has(this.key);
  }

  /** Whole state, for those who keep a copy. */
  changed(): Changed {
    const { key: flag, version, value, providers } = this;
    return featureFlagChanged.of({ flag, version, value, providers: { ...providers } });
  }

  private stamped(by: string | null, now: Date): Changed {
    this.changedBy = by;
    this.changedAt = now;
    this.version += 1;
    return this.changed();
  }
}
