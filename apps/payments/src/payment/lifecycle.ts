// The whole lifecycle of a payment, as a table. The README's diagram is printed from it.
import type { paymentStatuses } from '@caregraph/contracts';

export type PaymentStatus = (typeof paymentStatuses)[number];

interface Transition {
  readonly from: readonly PaymentStatus[];
  readonly to: PaymentStatus;
}

const unsettled = ['PENDING', 'ACTION_REQUIRED'] as const;
const refundable = ['CAPTURED', 'PARTIALLY_REFUNDED'] as const;
const refunded = ['PARTIALLY_REFUNDED', 'REFUNDED'] as const;

/** A verb that is not listed for a status does nothing. */
export const lifecycle = {
  requireAction: { from: ['PENDING'], to: 'ACTION_REQUIRED' },
  hold: { from: unsettled, to: 'HELD' },
  fail: { from: unsettled, to: 'FAILED' },
  giveUp: { from: unsettled, to: 'FAILED' },
  tryAgain: { from: ['FAILED', 'CANCELLED', 'HELD'], to: 'PENDING' },
  capture: { from: [...unsettled, 'HELD'], to: 'CAPTURED' },
  failCapture: { from: ['HELD', 'CANCELLED'], to: 'FAILED' },
  release: { from: ['HELD'], to: 'CANCELLED' },
  lapse: { from: ['HELD'], to: 'CANCELLED' },
  close: { from: [...unsettled, 'FAILED'], to: 'CANCELLED' },
  refundInPart: { from: refundable, to: 'PARTIALLY_REFUNDED' },
  refundInFull: { from: refundable, to: 'REFUNDED' },
  takeBackPart: { from: refunded, to: 'PARTIALLY_REFUNDED' },
  takeBackAll: { from: refunded, to: 'CAPTURED' },
} as const satisfies Record<string, Transition>;

export type Verb = keyof typeof lifecycle;

export const may = (verb: Verb, status: PaymentStatus): boolean =>
  (lifecycle[verb].from as readonly PaymentStatus[]).includes(status);

/** The lifecycle as a Mermaid diagram, one arrow for each verb and status. */
export function lifecycleDiagram(): string {
  const arrows = Object.entries(lifecycle).flatMap(([verb, { from, to }]) =>
    from.map((status) => `  ${status} --> ${to}: ${verb}`),
  );
  return ['stateDiagram-v2', '  [*] --> PENDING', ...arrows].join('\n');
}
