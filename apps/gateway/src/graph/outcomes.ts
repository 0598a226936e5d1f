// One operation, compiled once for each outcome of what it asks of its callers: those who meet the same share it.
import type { Demand, Meets } from '@caregraph/subgraph';

/** An operation of which it is known what it asks. */
export interface Read<One> {
  readonly demands: readonly Demand[];
  readonly outcomes: Map<string, One>;
  readonly make: (meets: Meets) => One;
}

export const everything: Meets = () => true;

/** What the callers met for whom it was compiled. */
export const meetsIn = ({ demands, outcomes }: Read<unknown>): Meets[] =>
  [...outcomes.keys()].map((outcome) => (demand) => outcome[demands.indexOf(demand)] === '1');

/** Of one operation there are as many outcomes as kinds of callers: few. */
const mostOutcomes = 64;

export function ofOutcome<One>({ demands, outcomes, make }: Read<One>, meets: Meets): One {
  const outcome = demands.length === 0 ? '' : demands.map((demand) => (meets(demand) ? '1' : '0')).join('');
  const known = outcomes.get(outcome);
  if (known) return known;
  const one = make(meets);
  const [oldest] = outcomes.keys();
  if (outcomes.size >= mostOutcomes && oldest !== undefined) outcomes.delete(oldest);
  outcomes.set(outcome, one);
  return one;
}
