// How old holds are: most processors drop one after seven days, so an old one is money about to be lost (PY-020).

const day = 86_400_000;

/** Ages at which a hold leaves one class for the next, with how loud the class is. */
const classes = [
  { age: 'UNDER_1_DAY', belowDays: 1, level: 'info' },
  { age: 'DAYS_1_TO_3', belowDays: 3, level: 'info' },
  { age: 'DAYS_3_TO_5', belowDays: 5, level: 'info' },
  { age: 'DAYS_5_TO_7', belowDays: 7, level: 'warn' },
  { age: 'OVER_7_DAYS', belowDays: Infinity, level: 'error' },
] as const;
export type HoldAge = (typeof classes)[number]['age'];

export const holdAge = (heldAt: Date, now: Date): HoldAge => classOf(heldAt, now).age;

export interface HoldsOfAge {
  readonly age: HoldAge;
  readonly count: number;
  /** How loudly it is to be said. */
  readonly level: 'info' | 'warn' | 'error';
}

/** How many holds are of each age; ages without any are left out. */
export const holdAges = (heldAt: readonly Date[], now: Date): HoldsOfAge[] => {
  const ages = heldAt.map((at) => holdAge(at, now));
  return classes.flatMap(({ age, level }) => {
    const count = ages.filter((one) => one === age).length;
    return count > 0 ? [{ age, count, level }] : [];
  });
};

const classOf = (heldAt: Date, now: Date): (typeof classes)[number] => {
  const days = (now.getTime() - heldAt.getTime()) / day;
  return classes.find(({ belowDays }) => days < belowDays) ?? classes[4];
};
