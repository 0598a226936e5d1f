// One circuit breaker per subgraph: after failures in a row its calls are answered at once, without asking it, until a
// probe gets through. Who waits for the time-out of a subgraph that hangs holds a place that others could use.
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { TimedOut } from './exchange.js';

export interface BreakerOptions {
  /** So many calls in a row that reached nobody or timed out open it. */
  readonly failures?: number;
  /** So long after it opened one call is let through to see, milliseconds. */
  readonly probeAfterMs?: number;
  readonly changed: (open: boolean) => void;
}

/** Rejects with BrokenCircuitError while open. Only `isOutage` counts: a subgraph that answers, whatever it says, is there. */
export function breaker({
  failures = 10,
  probeAfterMs = 1_000,
  changed,
}: BreakerOptions): CircuitBreakerPolicy {
  const policy = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  changed(false);
  policy.onStateChange((state) => {
    changed(state !== CircuitState.Closed);
  });
  return policy;
}

const isOutage = (error: unknown): boolean => error instanceof TimedOut || isBroken(error);

/** The connection ended before there was an answer. A query may then be asked again; a mutation may have happened. */
export const isBroken = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    String(error.code),
  );
