// What the gateway tells of its work. Labels are bounded: a client chooses operation names, and must not fill memory.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ErrorCode } from '@caregraph/subgraph';
import { liveMetrics, type LiveMetrics } from '../live/live-metrics.js';

/** From one millisecond to the time-out of a subgraph; the two seconds that the alert speaks of are an edge. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10];

/** Names beyond so many are counted together as `other`. */
const mostNames = 200;

/** `refused`: the caller's fault; `unavailable`: a part that cannot be reached; `error`: ours. */
export type Outcome = 'ok' | 'refused' | 'unavailable' | 'error';

/** Of all errors of an answer, the one that says most of our own state. */
export function outcomeOf(codes: readonly ErrorCode[]): Outcome {
  if (codes.includes('INTERNAL_SERVER_ERROR')) return 'error';
  if (codes.includes('UNAVAILABLE')) return 'unavailable';
  return codes.length > 0 ? 'refused' : 'ok';
}

export interface GatewayMetrics extends LiveMetrics {
  request(operation: string | null, outcome: Outcome, seconds: number): void;
  subgraph(subgraph: string, outcome: Outcome, seconds: number): void;
  breaker(subgraph: string, open: boolean): void;
}

export function gatewayMetrics(registry: Registry, names = mostNames): GatewayMetrics {
  const registers = [registry];
  const requests = new Histogram({
    name: 'caregraph_gateway_request_duration_seconds',
    help: 'Time to answer an operation, by its name and outcome: ok, refused, unavailable, error.',
    labelNames: ['operation', 'outcome'],
    buckets,
    registers,
  });
  // Without the names, so that all series exist from the start: of one that begins with a fault the first is not seen.
  const outcomes = new Counter({
    name: 'caregraph_gateway_requests_total',
    help: 'Operations answered, by outcome: ok, refused, unavailable, error.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['ok', 'refused', 'unavailable', 'error']) outcomes.inc({ outcome }, 0);
  const subgraphs = new Histogram({
    name: 'caregraph_gateway_subgraph_duration_seconds',
    help: 'Time that a subgraph took for one call.',
    labelNames: ['subgraph', 'outcome'],
    buckets,
    registers,
  });
  const known = new Set<string>();
  const called = new Set<string>();
  const bounded = (operation: string | null): string => {
    if (operation === null) return 'anonymous';
    if (known.size < names) known.add(operation);
    return known.has(operation) ? operation : 'other';
  };

  return {
    request: (operation, outcome, seconds) => {
      requests.observe({ operation: bounded(operation), outcome }, seconds);
      outcomes.inc({ outcome });
    },
    subgraph: (subgraph, outcome, seconds) => {
      if (!called.has(subgraph))
        for (const each of ['ok', 'error', 'unavailable']) subgraphs.zero({ subgraph, outcome: each });
      called.add(subgraph);
      subgraphs.observe({ subgraph, outcome }, seconds);
    },
    ...liveMetrics(registry),
    breaker: breakerGauge(registry),
  };
}

function breakerGauge(registry: Registry): GatewayMetrics['breaker'] {
  const breakers = new Gauge({
    name: 'caregraph_gateway_breaker_open',
    help: '1 while calls of the subgraph are answered without asking it.',
    labelNames: ['subgraph'],
    registers: [registry],
  });
  return (subgraph, open) => {
    breakers.set({ subgraph }, open ? 1 : 0);
  };
}
