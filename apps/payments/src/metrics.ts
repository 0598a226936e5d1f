// What an operator watches of payments (GW-019, GW-028), beside what every process, event and job says of itself.
import type { MikroORM } from '@mikro-orm/postgresql';
import { Counter, type Registry } from 'prom-client';
import type { EventEnvelope, PaymentState } from '@caregraph/contracts';
import { addStateGauges, below, type HealthChecks } from '@caregraph/runtime';

/** What a payment event adds to the counters; `refundAmountMinor` only in those of refunds. */
type Counted = PaymentState & { readonly refundAmountMinor?: number };

/**
 * Returns what the relay is to call with each published batch: one relay publishes each event, whichever replica it
 * lives in, so the sum over the replicas is right.
 */
export function countPayments(
  registry: Registry,
  orm: MikroORM,
): (batch: readonly EventEnvelope[]) => Promise<void> {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const amount = (name: string, help: string): Counter =>
    new Counter({ name, help, labelNames: ['currency'], registers });
  const created = counter('caregraph_payment_holds_created_total', 'Amounts that the processor holds.');
  const captured = counter('caregraph_payment_holds_captured_total', 'Holds that became a charge.');
  const cancelled = counter('caregraph_payment_holds_cancelled_total', 'Holds given up or lapsed.');
  const failed = counter('caregraph_payment_failures_total', 'Cards that were declined or given up.');
  const captureFailed = counter('caregraph_payment_capture_failures_total', 'Captures that were refused.');
  const refunds = counter('caregraph_payment_refunds_total', 'Refunds that reached the payer.');
  const refundFailed = counter('caregraph_payment_refund_failures_total', 'Refunds that did not go through.');
  const capturedAmount = amount('caregraph_payment_captured_minor_total', 'Money taken, in minor units.');
  const refundedAmount = amount(
    'caregraph_payment_refunded_minor_total',
    'Money given back, in minor units.',
  );
  const count: Readonly<Record<string, ((payment: Counted) => void) | undefined>> = {
    'payments.payment-held.v1': () => created.inc(),
    'payments.payment-failed.v1': () => failed.inc(),
    'payments.payment-captured.v1': ({ amount: { currency }, capturedAmountMinor }) => {
      captured.inc();
      capturedAmount.inc({ currency }, capturedAmountMinor);
    },
    'payments.payment-capture-failed.v1': () => captureFailed.inc(),
    'payments.payment-hold-lapsed.v1': () => cancelled.inc(),
    'payments.payment-refunded.v1': ({ amount: { currency }, refundAmountMinor = 0 }) => {
      refunds.inc();
      refundedAmount.inc({ currency }, refundAmountMinor);
    },
    'payments.payment-refund-failed.v1': () => refundFailed.inc(),
  };
  return async (batch) => {
    for (const { type, data } of batch) count[type]?.(data as Counted);
    cancelled.inc(
      await heldOf(
        orm,
        batch.filter(({ type }) => type === 'payments.payment-voided.v1'),
      ),
    );
  };
}

/** A payment is also closed before anything was held: that is no hold given up. */
async function heldOf(orm: MikroORM, voided: readonly EventEnvelope[]): Promise<number> {
  if (voided.length === 0) return 0;
  const ids = voided.map(({ data }) => (data as PaymentState).paymentId);
  const [row] = await orm.em
    .fork()
    .execute<{ held: number }[]>(
      'select count(*)::int as held from payment where id = any(?::uuid[]) and held_at is not null',
      [`{${ids.join(',')}}`],
    );
  return row?.held ?? 0;
}

export interface OpenPayments {
  readonly status: string;
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
  /** Of these, holds that are to be taken. */
  readonly captureDue: number;
}

/** Reads only the partial index of payments that are open. */
export const openPayments = (orm: MikroORM): Promise<OpenPayments[]> =>
  orm.em.fork().execute<OpenPayments[]>(
    `select status, currency, count(*)::int as count, sum(amount_minor)::float8 as "amountMinor",
       count(*) filter (where status = 'HELD' and (goal = 'CAPTURE' or goal = 'CLOSE' and refund_basis_points < 10000))::int
         as "captureDue"
       from payment where status in ('PENDING', 'ACTION_REQUIRED', 'HELD') group by status, currency`,
  );

const heldIn = (open: readonly OpenPayments[]): readonly OpenPayments[] =>
  open.filter(({ status }) => status === 'HELD');

export function watchPayments(registry: Registry, orm: MikroORM): void {
  addStateGauges(registry, () => openPayments(orm), [
    {
      name: 'caregraph_payments_unsettled',
      help: 'Payments that wait for the processor or the payer, by status.',
      labelNames: ['status'],
      samples: (open) =>
        ['PENDING', 'ACTION_REQUIRED', 'HELD'].map((status) => ({
          labels: { status },
          value: open.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0),
        })),
    },
    {
      name: 'caregraph_payment_holds_active_minor',
      help: 'What is held and neither taken nor given up, in minor units, by currency.',
      labelNames: ['currency'],
      samples: (open) =>
        heldIn(open).map(({ currency, amountMinor }) => ({ labels: { currency }, value: amountMinor })),
    },
    {
      name: 'caregraph_payment_captures_due',
      help: 'Holds that are to be taken and are not yet; they wait while captures are disabled.',
      samples: (open) => [{ value: open.reduce((sum, { captureDue }) => sum + captureDue, 0) }],
    },
  ]);
}

/** Each currency's holds by themselves: amounts of different currencies have no sum (GW-027). */
export const paymentsHealth =
  (orm: MikroORM, { HEALTH_HELD_LIMIT_MINOR: limit }: { readonly HEALTH_HELD_LIMIT_MINOR: number }) =>
  async (): Promise<HealthChecks> => {
    const held = heldIn(await openPayments(orm)).map(({ amountMinor }) => amountMinor);
    return { heldMinor: below(limit, Math.max(0, ...held)) };
  };
