// What live updates tell of their work.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Outcome } from '../operation/metrics.js';

/** Why a client's connection was closed by us. */
export type CutReason = (typeof cutReasons)[number];
const cutReasons = ['slow', 'expired', 'revoked', 'forbidden', 'silent', 'full'] as const;

export interface LiveMetrics {
  readonly sockets: Gauge;
  readonly subscriptions: Gauge;
  /** Subscriptions of subgraphs, each shared by all who may share it. */
  readonly liveUpstreams: Gauge;
  /** Results delivered. */
  liveEvent(outcome: Outcome, count: number): void;
  liveResync(): void;
  liveCut(reason: CutReason): void;
}

export function liveMetrics(registry: Registry): LiveMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'caregraph_gateway_live_events_total',
    help: 'Events delivered to subscribers.',
    labelNames: ['outcome'],
    registers,
  });
  const resyncs = new Counter({
    name: 'caregraph_gateway_live_resyncs_total',
    help: 'Results that told a subscriber that something may have been missed.',
    registers,
  });
  const cuts = new Counter({
    name: 'caregraph_gateway_live_cuts_total',
    help: 'Connections of subscribers that were cut: slow, expired, revoked, forbidden, silent, full.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of cutReasons) cuts.inc({ reason }, 0);
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  return {
    sockets: gauge('caregraph_gateway_sockets', 'Open client sockets.'),
    subscriptions: gauge('caregraph_gateway_subscriptions', 'Live subscriptions.'),
    liveUpstreams: gauge(
      'caregraph_gateway_live_upstreams',
      'Subscriptions of subgraphs, each shared by all who may share it.',
    ),
    liveEvent: (outcome, count) => {
      events.inc({ outcome }, count);
    },
    liveResync: () => {
      resyncs.inc();
    },
    liveCut: (reason) => {
      cuts.inc({ reason });
    },
  };
}
