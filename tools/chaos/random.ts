// Chance that can be repeated: the same seed gives the same numbers, on every machine.

export interface Random {
  /** From 0 up to and without 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number;
  /** One of them; throws when there is none. */
  oneOf<Choice>(choices: readonly Choice[]): Choice;
  /** One of them, the heavier the more often. */
  weighted<Choice extends string>(weights: Readonly<Record<Choice, number>>): Choice;
}

/** Mulberry32: small, fast, and good enough to spread faults. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (lowest: number, highest: number): number =>
    lowest + Math.floor(next() * (highest - lowest + 1));
  const oneOf = <Choice>(choices: readonly Choice[]): Choice => {
    const choice = choices[between(0, choices.length - 1)];
    if (choice === undefined) throw new Error('Nothing to choose from.');
    return choice;
  };
  const weighted = <Choice extends string>(weights: Readonly<Record<Choice, number>>): Choice => {
    const entries = Object.entries<number>(weights);
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of entries) {
      left -= weight;
      if (left < 0) return choice as Choice;
    }
    return oneOf(entries)[0] as Choice;
  };
  return { next, between, oneOf, weighted };
}
