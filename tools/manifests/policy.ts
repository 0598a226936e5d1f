// A policy looks at all manifests of an environment and says what is wrong, in words.
import type { Manifest } from './manifest.js';

export type Environment = 'dev' | 'staging' | 'prod';

export interface Policy {
  readonly name: string;
  /** One sentence per fault; none when all is well. */
  readonly check: (all: readonly Manifest[], environment: Environment) => readonly string[];
}

export interface Finding {
  readonly policy: string;
  readonly says: string;
}

export const findingsOf = (
  policies: readonly Policy[],
  all: readonly Manifest[],
  environment: Environment,
): Finding[] =>
  policies.flatMap(({ name, check }) => check(all, environment).map((says) => ({ policy: name, says })));

/** The sentences whose claim does not hold. */
export const unless = (...claims: readonly (readonly [boolean, string])[]): string[] =>
  claims.flatMap(([holds, says]) => (holds ? [] : [says]));
