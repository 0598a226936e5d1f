// I5: a cause gives money back once, in our rows and at the processor.
import { groupedBy } from '../evidence.js';
import type { Invariant } from './invariant.js';

export const oneRefund: Invariant = {
  id: 'I5',
  rule: 'one refund per cause',
  violations: ({ refunds, processorRefunds }) => {
    const known = new Map(refunds.map((one) => [one.id, one]));
    const made = processorRefunds.filter(({ status }) => status !== 'failed');
    return [
      ...[...groupedBy(refunds, ({ paymentId, cause }) => `${paymentId} for ${cause}`)]
        .filter(([, list]) => list.length > 1)
        .map(([what, list]) => `${list.length} refunds of payment ${what}`),
      ...[...groupedBy(made, ({ metadata }) => metadata.refundId ?? '')]
        .filter(([, list]) => list.length > 1)
        .map(
          ([id, list]) =>
            `refund ${id} was made ${list.length} times: ${list.map((one) => one.id).join(', ')}`,
        ),
      ...made
        .filter(
          ({ metadata, amountMinor }) => known.get(metadata.refundId ?? '')?.amountMinor !== amountMinor,
        )
        .map(({ id, amountMinor }) => `the processor's refund ${id} of ${amountMinor} is none of ours`),
      ...refunds
        .filter(
          ({ id, status }) =>
            status === 'SUCCEEDED' && !made.some(({ metadata }) => metadata.refundId === id),
        )
        .map(({ id, amountMinor }) => `our refund ${id} of ${amountMinor} was never made`),
    ];
  },
};
