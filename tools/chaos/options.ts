// What can be said on the command line.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { profiles, type Profile } from './profile.js';

export interface Options {
  readonly seed: number;
  readonly profile: Profile;
  /** Over Kafka, with a broker of the stack's own that is killed too. */
  readonly kafka: boolean;
  /** Shows that the checker finds planted mistakes, instead of a campaign. */
  readonly prove: boolean;
  /** Of the planted mistakes only this one. */
  readonly only: string | undefined;
}

/** Throws on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      profile: { type: 'string', default: 'short' },
      kafka: { type: 'boolean', default: process.env.CAREGRAPH_EVENTS === 'kafka' },
      prove: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a whole number.');
  if (values.profile !== 'short' && values.profile !== 'long') throw new Error('--profile is short or long.');
  const { kafka, prove, only } = values;
  const profile = profiles[values.profile];
  // Where there is no broker, none can be killed.
  return { seed, profile: kafka ? profile : { ...profile, brokerKills: 0 }, kafka, prove, only };
}
