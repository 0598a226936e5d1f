// I4: what was taken and given back is the same in our rows and in the processor's books, for each appointment and in
// all, and it is what the appointment's end asks for.
import { shareOf } from '../../../apps/payments/src/payment/share.policy.js';
import {
  groupedBy,
  trails,
  type Appointment,
  type Evidence,
  type Payment,
  type PaymentIntent,
} from '../evidence.js';
import type { Invariant } from './invariant.js';

export const money: Invariant = {
  id: 'I4',
  rule: "captured - refunded is the same in our rows and the processor's books, and as the appointment's state asks",
  violations: (evidence) => {
    const orders = groupedBy(evidence.paymentIntents, ({ metadata }) => metadata.bookingId ?? '');
    const payments = new Map(evidence.payments.map((one) => [one.appointmentId, one]));
    const trailOf = trails(evidence);
    return [
      ...evidence.appointments.flatMap((one) => {
        const wasConfirmed = (trailOf.get(one.id) ?? []).some(({ newStatus }) => newStatus === 'CONFIRMED');
        const list = orders.get(one.id) ?? [];
        const payment = payments.get(one.id);
        return [
          ...againstBooks(one, payment, list),
          ...againstState(one, wasConfirmed, list, payment ? askedBack(evidence, payment) : 0),
        ];
      }),
      ...[...orders.keys()]
        .filter((id) => !evidence.appointments.some((one) => one.id === id))
        .map((id) => `the processor has an order for ${id}, which is no appointment`),
      ...totals(evidence),
    ];
  },
};

const sum = (
  list: readonly PaymentIntent[],
  field: 'capturedMinor' | 'refundedMinor' | 'heldMinor',
): number => list.reduce((total, order) => total + order[field], 0);

function againstBooks(
  { id }: Appointment,
  payment: Payment | undefined,
  orders: readonly PaymentIntent[],
): string[] {
  const live = orders.filter(({ capturedMinor, heldMinor }) => capturedMinor > 0 || heldMinor > 0);
  const found =
    live.length > 1
      ? [`${id}: ${live.map((order) => order.id).join(' and ')} are both held or captured`]
      : [];
  if (!payment)
    return live.length > 0 ? [...found, `${id}: the processor has money of it, and we no payment`] : found;
  const [captured, refunded] = [sum(orders, 'capturedMinor'), sum(orders, 'refundedMinor')];
  const { capturedAmountMinor, refundedAmountMinor, refundPendingMinor } = payment;
  if (capturedAmountMinor !== captured || refundedAmountMinor !== refunded)
    found.push(
      `${id}: our payment ${payment.id} has ${capturedAmountMinor} captured and ${refundedAmountMinor} refunded, the processor ${captured} and ${refunded}`,
    );
  if (refundPendingMinor !== 0)
    found.push(`${id}: ${refundPendingMinor} of ${payment.id} is promised back and not given`);
  return found;
}

const waiting = ['PENDING_PAYMENT', 'PENDING_CONFIRMATION'];

function againstState(
  one: Appointment,
  wasConfirmed: boolean,
  orders: readonly PaymentIntent[],
  askedBackMinor: number,
): string[] {
  const [captured, held] = [sum(orders, 'capturedMinor'), sum(orders, 'heldMinor')];
  const found: string[] = [];
  if (!wasConfirmed && captured > 0) found.push(`${captured} was captured, and it never was CONFIRMED`);
  if (!waiting.includes(one.status) && held > 0) found.push(`${held} is still held`);
  if (isPaid(one) && captured !== one.priceAmountMinor)
    found.push(`${captured} was captured of ${one.priceAmountMinor}`);
  if (wasConfirmed) found.push(...againstPolicy(one, captured, sum(orders, 'refundedMinor'), askedBackMinor));
  return found.map((what) => `${one.id} (${one.status}): ${what}`);
}

const isPaid = ({ status, nothingDue, paymentDueAt }: Appointment): boolean =>
  status === 'CONFIRMED' && !nothingDue && paymentDueAt === null;

/** Of what is over the practice keeps its share, less what it gave back by its own decision. */
function againstPolicy(one: Appointment, captured: number, refunded: number, askedBack: number): string[] {
  if (one.refundBasisPoints === null) return [];
  const share = one.priceAmountMinor - shareOf(one.priceAmountMinor, one.refundBasisPoints);
  const wanted = Math.min(share, captured - askedBack);
  const kept = captured - refunded;
  return kept === wanted
    ? []
    : [`${kept} was kept, ${wanted} was to be (${one.refundBasisPoints} basis points go back)`];
}

/** What the practice gave back by its own decision. */
const askedBack = ({ refunds }: Evidence, { id }: Payment): number =>
  refunds
    .filter(
      ({ paymentId, cause, status }) =>
        paymentId === id && cause !== 'cancellation' && status === 'SUCCEEDED',
    )
    .reduce((total, { amountMinor }) => total + amountMinor, 0);

function totals({ payments, paymentIntents }: Evidence): string[] {
  const currencies = groupedBy(paymentIntents, ({ currency }) => currency.toUpperCase());
  return [...currencies].flatMap(([currency, orders]) => {
    const theirs = sum(orders, 'capturedMinor') - sum(orders, 'refundedMinor');
    const ours = payments
      .filter((one) => one.currency === currency)
      .reduce((total, one) => total + one.capturedAmountMinor - one.refundedAmountMinor, 0);
    return ours === theirs ? [] : [`in all we have ${ours} ${currency}, the processor ${theirs}`];
  });
}
