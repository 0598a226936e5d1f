// The feature flags that exist (GW-007) and how one is decided (GW-008). The platform stores them, every app that asks
// keeps a copy; the decision is the same everywhere because it stands here.
import { createHash } from 'node:crypto';
import type { FeatureFlagState } from './platform.events.js';

interface Switch {
  readonly kind: 'switch';
  readonly default: boolean;
  /** On, it switches this flag off, whatever else is set. */
  readonly killSwitch?: KillSwitchKey;
  /** How many percent of the providers it counts for; the others have it off. */
  readonly percentage?: PercentageKey;
}
interface KillSwitch {
  readonly kind: 'kill-switch';
  readonly default: false;
}
interface Percentage {
  readonly kind: 'percentage';
  /** 0 to 100. */
  readonly default: number;
}
type Described<T> = T & { readonly description: string };

type KillSwitchKey = 'booking.disable_all_bookings' | 'payment.disable_captures';
type PercentageKey = 'booking.request_mode_percentage';
type SwitchKey =
  | 'booking.request_mode_enabled'
  | 'booking.instant_mode_enabled'
  | 'booking.payment_holds_enabled'
  | 'payment.partial_refunds_enabled';

const switches: Readonly<Record<SwitchKey, Described<Switch>>> = {
  'booking.request_mode_enabled': {
    kind: 'switch',
    default: true,
    killSwitch: 'booking.disable_all_bookings',
    percentage: 'booking.request_mode_percentage',
    description: 'Appointments may be asked for, and the provider answers.',
  },
  'booking.instant_mode_enabled': {
    kind: 'switch',
    default: true,
    killSwitch: 'booking.disable_all_bookings',
    description: 'Appointments may be booked at once, without an answer of the provider.',
  },
  'booking.payment_holds_enabled': {
    kind: 'switch',
    default: true,
    description:
      'Money is held while an appointment waits for its answer. Off: nothing is asked for up front.',
  },
  'payment.partial_refunds_enabled': {
    kind: 'switch',
    default: true,
    description: 'The practice may give a part of a payment back. Off: all that is left of it, or nothing.',
  },
};
const percentages: Readonly<Record<PercentageKey, Described<Percentage>>> = {
  'booking.request_mode_percentage': {
    kind: 'percentage',
    default: 100,
    description:
      'For how many percent of the providers appointments may be asked for. More only ever adds some.',
  },
};
const killSwitches: Readonly<Record<KillSwitchKey, Described<KillSwitch>>> = {
  'booking.disable_all_bookings': {
    kind: 'kill-switch',
    default: false,
    description: 'Stops every new hold and every new booking, and never a cancellation.',
  },
  'payment.disable_captures': {
    kind: 'kill-switch',
    default: false,
    description: 'No money is captured; what is due is captured once this is off again.',
  },
};

export type FlagDefinition = Described<Switch | KillSwitch | Percentage>;

/** All flags that are known by name, by key. */
export const featureFlags: ReadonlyMap<string, FlagDefinition> = new Map(
  Object.entries<FlagDefinition>({ ...switches, ...percentages, ...killSwitches }),
);

/** The flag that decides a label of `@override(from:, label:)`: off, the field stays where it was. */
export const overrideFlag = (label: string): string => `override.${label}`;
const overrideLabel: FlagDefinition = {
  kind: 'switch',
  default: false,
  description: 'Moves the fields that carry this label to their new subgraph.',
};

/** What a key means; undefined for a key that nothing asks for. */
export const flagDefinition = (key: string): FlagDefinition | undefined =>
  featureFlags.get(key) ?? (/^override\.[A-Za-z][\w.:/-]{0,79}$/.test(key) ? overrideLabel : undefined);

/** What is set, by key; undefined where nothing ever was. */
export type FlagsSet = (key: string) => Pick<FeatureFlagState, 'value' | 'providers'> | undefined;

/** Whether a kill switch is on. */
export const isKilled = (set: FlagsSet, key: KillSwitchKey): boolean => set(key)?.value === true;

export const flagReasons = ['KILL_SWITCH', 'VALUE', 'PROVIDER', 'PERCENTAGE', 'DEFAULT'] as const;
/** What decided a flag: its kill switch, its value for everybody, the provider's own, the percentage, or the default. */
export type FlagReason = (typeof flagReasons)[number];

export interface FlagDecision {
  /** A percentage is a number, everything else is on or off. */
  readonly value: boolean | number;
  readonly reason: FlagReason;
}

/**
 * Decides any flag: the kill switch before the value for everybody, that before the provider's own, that before the
 * percentage, that before the default. Undefined for a key that nothing asks for.
 * @param providerId Null where no provider is concerned.
 */
export function decideFlag(set: FlagsSet, key: string, providerId: string | null): FlagDecision | undefined {
  const definition = flagDefinition(key);
  return definition && decide(set, key, definition, providerId);
}

function decide(set: FlagsSet, key: string, flag: FlagDefinition, providerId: string | null): FlagDecision {
  if (flag.kind === 'switch' && flag.killSwitch && isKilled(set, flag.killSwitch))
    return { value: false, reason: 'KILL_SWITCH' };
  const value = set(key)?.value;
  // A value of another kind is none.
  if (value !== null && value !== undefined && typeof value === typeof flag.default)
    return { value, reason: 'VALUE' };
  const ofThis = flag.kind === 'switch' ? ofProvider(set, key, flag, providerId) : undefined;
  return ofThis ?? { value: flag.default, reason: 'DEFAULT' };
}

function ofProvider(
  set: FlagsSet,
  key: string,
  { percentage, default: byDefault }: Switch,
  providerId: string | null,
): FlagDecision | undefined {
  if (providerId === null) return undefined;
  const own = set(key)?.providers[providerId];
  if (own !== undefined) return { value: own, reason: 'PROVIDER' };
  const percent = percentage && set(percentage)?.value;
  // Nobody has set one: its default leaves nobody out.
  if (typeof percent !== 'number') return undefined;
  return { value: bucketOf(providerId) < percent && byDefault, reason: 'PERCENTAGE' };
}

/** Whether a feature is on for a provider, as `decideFlag` has it. */
export const isOn = (set: FlagsSet, key: SwitchKey, providerId: string | null): boolean =>
  decide(set, key, switches[key], providerId).value === true;

/** 0 to 99, always the same for a provider: a larger percentage only ever adds providers. */
export const bucketOf = (providerId: string): number =>
  createHash('sha256').update(providerId).digest().readUInt32BE(0) % 100;
