import { readFileSync } from 'node:fs';
import { paymentStatuses } from '@caregraph/contracts';
import { lifecycle, lifecycleDiagram, may, type PaymentStatus, type Verb } from './lifecycle.js';

/** Written by hand, so that a slip in the table is seen: what each verb makes of each status, '-' is nothing. */
const expected: Record<Verb, Record<PaymentStatus, PaymentStatus | '-'>> = {
  requireAction: row({ PENDING: 'ACTION_REQUIRED' }),
  hold: row({ PENDING: 'HELD', ACTION_REQUIRED: 'HELD' }),
  fail: row({ PENDING: 'FAILED', ACTION_REQUIRED: 'FAILED' }),
  giveUp: row({ PENDING: 'FAILED', ACTION_REQUIRED: 'FAILED' }),
  tryAgain: row({ FAILED: 'PENDING', CANCELLED: 'PENDING', HELD: 'PENDING' }),
  capture: row({ PENDING: 'CAPTURED', ACTION_REQUIRED: 'CAPTURED', HELD: 'CAPTURED' }),
  failCapture: row({ HELD: 'FAILED', CANCELLED: 'FAILED' }),
  release: row({ HELD: 'CANCELLED' }),
  lapse: row({ HELD: 'CANCELLED' }),
  close: row({ PENDING: 'CANCELLED', ACTION_REQUIRED: 'CANCELLED', FAILED: 'CANCELLED' }),
  refundInPart: row({ CAPTURED: 'PARTIALLY_REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED' }),
  refundInFull: row({ CAPTURED: 'REFUNDED', PARTIALLY_REFUNDED: 'REFUNDED' }),
  takeBackPart: row({ PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', REFUNDED: 'PARTIALLY_REFUNDED' }),
  takeBackAll: row({ PARTIALLY_REFUNDED: 'CAPTURED', REFUNDED: 'CAPTURED' }),
};

function row(
  moves: Partial<Record<PaymentStatus, PaymentStatus>>,
): Record<PaymentStatus, PaymentStatus | '-'> {
  return Object.fromEntries(paymentStatuses.map((status) => [status, moves[status] ?? '-'])) as never;
}

describe('the lifecycle of a payment', () => {
  const cases = Object.entries(expected).flatMap(([verb, moves]) =>
    Object.entries(moves).map(([status, to]) => [verb as Verb, status as PaymentStatus, to] as const),
  );

  it.each(cases)('%s of a payment that is %s leads to %s (PY-003)', (verb, status, to) => {
    expect(may(verb, status) ? lifecycle[verb].to : '-').toBe(to);
  });

  it('names every verb in the table by hand', () => {
    expect(Object.keys(expected).sort()).toEqual(Object.keys(lifecycle).sort());
  });

  it('reaches every status (PY-002)', () => {
    const reached = new Set<PaymentStatus>(['PENDING']);
    for (const _ of paymentStatuses) {
      for (const { from, to } of Object.values(lifecycle))
        if (from.some((status) => reached.has(status))) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...paymentStatuses].sort());
  });

  it('is the diagram that the README shows', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`mermaid\n${lifecycleDiagram()}\n\`\`\``);
  });
});
