// What a part of the graph asks of its caller, by Federation's directives @authenticated, @requiresScopes and @policy:
// read once from a schema, asked for each operation. The gateway and the subgraphs decide by the same code.
import { Kind, valueFromASTUntyped, type ConstDirectiveNode, type GraphQLError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { forbidden, stepUpRequired, unauthenticated } from './errors.js';

/** One thing that a caller has or has not: `authenticated`, `scope:appointments:read`, `policy:mfa`. */
export type Demand = string;

/** All of these; of each, one of its lists; of that, every demand. */
export type Requirement = readonly (readonly (readonly Demand[])[])[];

/** Whether the caller meets a demand. */
export type Meets = (demand: Demand) => boolean;

export interface StepUpRules {
  /** How long ago a person may have logged in for what asks for a second factor, in minutes. */
  readonly maxAgeMinutes: number;
  /** The real time, in milliseconds since 1970: tokens know no other. */
  readonly now?: () => number;
}

/** What NIST and our own policy hold for recent. */
export const defaultStepUp: StepUpRules = { maxAgeMinutes: 15 };

/** What the directives on one element ask for, under the names that the schema gives them. */
export const requirementOf = (directives: readonly ConstDirectiveNode[] = []): Requirement =>
  directives.flatMap((directive): Requirement => {
    switch (directive.name.value) {
      case 'authenticated':
        return [[['authenticated']]];
      case 'requiresScopes':
        return [alternatives(directive, 'scopes', 'scope')];
      case 'policy':
        return [alternatives(directive, 'policies', 'policy')];
      default:
        return [];
    }
  });

function alternatives(directive: ConstDirectiveNode, argument: string, kind: string): Demand[][] {
  const given = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  // A directive that cannot be read is met by nobody.
  if (given?.kind !== Kind.LIST) return [];
  return given.values.map((list) =>
    [valueFromASTUntyped(list)].flat().map((name) => `${kind}:${String(name)}`),
  );
}

export const isMet = (requirement: Requirement, meets: Meets): boolean =>
  requirement.every((lists) => lists.some((demands) => demands.every(meets)));

/** What this caller meets. Our own jobs meet everything: no token can give their role. */
export function demandsOf(viewer: Viewer, stepUp: StepUpRules = defaultStepUp): Meets {
  if (viewer.memberships.some(({ role }) => role === 'system')) return () => true;
  return (demand) => {
    if (demand === 'authenticated') return viewer.account !== null;
    const [kind, ...rest] = demand.split(':');
    const name = rest.join(':');
    return kind === 'scope' ? viewer.scopes.includes(name) : keeps(name, viewer, stepUp);
  };
}

/** The policies that there are; one that nobody knows is kept by nobody. */
function keeps(policy: string, viewer: Viewer, stepUp: StepUpRules): boolean {
  if (policy === 'mfa') return hasFreshSecondFactor(viewer, stepUp);
  const [kind, ...rest] = policy.split(':');
  const name = rest.join(':');
  if (kind === 'role') return viewer.memberships.some(({ role }) => role === name);
  // Partners act within the scopes of their contract; people act in their own right.
  return kind === 'partner-scope' && (!isPartner(viewer) || viewer.scopes.includes(name));
}

const isPartner = ({ memberships }: Viewer): boolean => memberships.some(({ role }) => role === 'partner');

/** Methods of RFC 8176 that a password alone is not. */
const secondFactors = ['mfa', 'otp', 'hwk'];
/** What another machine's clock may be ahead, in milliseconds. */
const skew = 30_000;

function hasFreshSecondFactor(
  { amr, authTime }: Viewer,
  { maxAgeMinutes, now = Date.now }: StepUpRules,
): boolean {
  if (authTime === null || !amr.some((method) => secondFactors.includes(method))) return false;
  const age = now() - authTime * 1_000;
  return age >= -skew && age <= maxAgeMinutes * 60_000;
}

/** Why the requirement is not met; undefined when it is. `what` is said to the client: `Mutation.refundPayment`. */
export function refusalOf(
  requirement: Requirement,
  viewer: Viewer,
  { what, stepUp = defaultStepUp }: { readonly what: string; readonly stepUp?: StepUpRules },
): GraphQLError | undefined {
  const meets = demandsOf(viewer, stepUp);
  if (isMet(requirement, meets)) return undefined;
  if (viewer.account === null) return unauthenticated();
  const isStepUp = isMet(requirement, (demand) => demand === 'policy:mfa' || meets(demand));
  return isStepUp ? stepUpRequired(stepUp.maxAgeMinutes * 60) : forbidden(`You may not see or do ${what}.`);
}
