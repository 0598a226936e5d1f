// What a campaign will do, decided before it begins: each request, race and fault with its time. The same seed and
// profile make the same plan; what comes of it depends on the moment, as in life.
import type { Profile } from './profile.js';
import { randomOf, type Random } from './random.js';

/** What one of the people does, and how many requests of the plan that is. */
const requestsOf = {
  book: 2,
  release: 2,
  confirm: 1,
  decline: 1,
  cancel: 1,
  reschedule: 1,
  refund: 1,
  read: 1,
  list: 1,
  peek: 1,
  watch: 1,
} as const;
export type ActName = keyof typeof requestsOf;

const weights: Readonly<Record<ActName, number>> = {
  book: 40,
  release: 5,
  confirm: 12,
  decline: 5,
  cancel: 14,
  reschedule: 8,
  refund: 3,
  read: 14,
  list: 8,
  peek: 8,
  watch: 8,
};

export interface PlannedAct {
  /** Milliseconds after the load begins. */
  readonly at: number;
  readonly act: ActName;
  /** Between 0 and 1: who, what and which are chosen by these. */
  readonly who: number;
  readonly which: number;
  readonly card: Card;
}

export const cards = [
  'pm_card_visa',
  'pm_card_visa_chargeDeclined',
  'pm_card_authenticationRequired',
] as const;
export type Card = (typeof cards)[number];
const cardWeights: Readonly<Record<Card, number>> = {
  pm_card_visa: 88,
  pm_card_visa_chargeDeclined: 8,
  pm_card_authenticationRequired: 4,
};

export const raceNames = ['one-slot', 'overlapping-ranges', 'double-cancel', 'same-key'] as const;
export type RaceName = (typeof raceNames)[number];
export interface PlannedRace {
  readonly at: number;
  readonly race: RaceName;
}

export const victims = [
  'gateway',
  'scheduling',
  'booking',
  'payments',
  'notifications',
  'calendar-sync',
  'platform',
] as const;
export type Victim = (typeof victims)[number];

export interface VendorFault {
  readonly method: 'POST';
  readonly path: string;
  readonly kind: '500' | '500-after-effect' | 'reset-before' | 'reset-after-effect' | '429';
  readonly times: number;
}

export type PlannedFault = { readonly at: number } & (
  | {
      readonly kind: 'kill';
      readonly victim: Victim;
      /** So many events of each partition come to it once more when it is back. */
      readonly rewind: number;
    }
  | { readonly kind: 'freeze'; readonly victim: Victim; readonly forMs: number }
  | { readonly kind: 'database'; readonly forMs: number }
  | { readonly kind: 'broker' }
  | { readonly kind: 'vendor'; readonly fault: VendorFault }
  | {
      readonly kind: 'webhooks';
      readonly vendor: 'stripe' | 'sendgrid';
      readonly manner: WebhookManner;
    }
);

export interface WebhookManner {
  readonly mode: 'normal' | 'late' | 'twice' | 'thrice' | 'reorder';
  readonly delayMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly profile: Profile;
  readonly acts: readonly PlannedAct[];
  readonly races: readonly PlannedRace[];
  readonly faults: readonly PlannedFault[];
}

export function planOf(seed: number, profile: Profile): Plan {
  // One source of chance for each part: more faults must not change the requests.
  return {
    seed,
    profile,
    acts: actsOf(randomOf(seed), profile),
    races: racesOf(randomOf(seed + 1), profile),
    faults: faultsOf(randomOf(seed + 2), profile),
  };
}

function actsOf(random: Random, { requests, lastsMs }: Profile): PlannedAct[] {
  const acts: PlannedAct[] = [];
  let left = requests;
  while (left > 0) {
    const act = random.weighted(weights);
    left -= requestsOf[act];
    const card = random.weighted(cardWeights);
    acts.push({ at: random.between(0, lastsMs), act, who: random.next(), which: random.next(), card });
  }
  return acts.sort((one, other) => one.at - other.at);
}

/** Each race once in the beginning, when nobody was killed yet, and as often as fits in between the faults. */
function racesOf(random: Random, { lastsMs }: Profile): PlannedRace[] {
  const rounds = Math.max(1, Math.round(lastsMs / 40_000));
  return Array.from({ length: rounds }, () => raceNames)
    .flat()
    .map((race) => ({ at: random.between(500, Math.round(lastsMs * 0.8)), race }))
    .sort((one, other) => one.at - other.at);
}

function faultsOf(random: Random, profile: Profile): PlannedFault[] {
  const { lastsMs } = profile;
  const spread = (count: number, until = 0.95): number[] =>
    Array.from({ length: count }, (_, index) => {
      const width = (lastsMs * until) / count;
      return Math.round(index * width + random.next() * width);
    });
  const faults: PlannedFault[] = [
    ...spread(profile.kills).map((at) => ({
      at,
      kind: 'kill' as const,
      victim: random.oneOf(victims),
      rewind: random.next() < 0.5 ? random.between(1, 10) : 0,
    })),
    ...spread(profile.freezes, 0.8).map((at) => ({
      at,
      kind: 'freeze' as const,
      victim: random.oneOf(victims.slice(2)),
      forMs: random.between(1_000, 5_000),
    })),
    ...spread(profile.databaseStops, 0.9).map((at) => ({
      at,
      kind: 'database' as const,
      forMs: random.between(300, 1_500),
    })),
    ...spread(profile.brokerKills, 0.9).map((at) => ({ at, kind: 'broker' as const })),
    ...spread(profile.vendorFaults).map((at) => ({
      at,
      kind: 'vendor' as const,
      fault: vendorFault(random),
    })),
    ...spread(profile.webhookManners).map((at) => ({
      at,
      kind: 'webhooks' as const,
      vendor: random.oneOf(['stripe', 'sendgrid'] as const),
      manner: {
        mode: random.oneOf(['late', 'twice', 'thrice', 'reorder', 'twice'] as const),
        delayMs: random.between(200, 3_000),
      },
    })),
  ];
  return faults.sort((one, other) => one.at - other.at);
}

const vendorFault = (random: Random): VendorFault => ({
  method: 'POST',
  path: random.oneOf([
    '/v1/payment_intents',
    '/v1/payment_intents/*/capture',
    '/v1/payment_intents/*/cancel',
    '/v1/refunds',
    '/v3/mail/send',
  ]),
  kind: random.oneOf(['500', '500-after-effect', 'reset-before', 'reset-after-effect', '429'] as const),
  times: random.between(1, 3),
});
