// The practice gives money back by its own decision (PY-021). Cancelling an appointment refunds by itself.
import { IsInt, Length, Max, Min } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { isOn, Refusal } from '@caregraph/contracts';
import { flagsSet } from '@caregraph/messaging';
import { hasRole } from '@caregraph/runtime';
import { badInput, forbidden, idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { AppointmentAccess, maySee } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { lockPayment } from '../payment/find-payment.js';
import type { Payment } from '../payment/payment.js';
import {
  PartialRefundsDisabled,
  PaymentNotFound,
  PaymentNotRefundable,
  RefundExceedsPayment,
} from '../payment/payment.refusals.js';
import { PaymentObject } from '../payment/payment.type.js';
import { openRefund } from './open-refund.js';

@InputType({ description: 'What to give back, and why.' })
export class RefundPaymentInput {
  @Field(() => ID, { description: 'The payment.' })
  paymentId!: string;

  @Field(() => Int, { description: "In the smallest unit of the payment's currency, at least 1." })
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  amountMinor!: number;

  @Field(() => String, {
    description: '3 to 500 characters; it stays in payments and never reaches the processor.',
  })
  @Length(3, 500)
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Wins over the header Idempotency-Key; one of the two is required, so that a double click refunds once.',
  })
  idempotencyKey?: string | null;
}

const RefundPaymentResult = resultUnion<Payment>()('RefundPaymentResult', PaymentObject, [
  PaymentNotFound,
  PaymentNotRefundable,
  RefundExceedsPayment,
  PartialRefundsDisabled,
]);
type Outcome = OutcomeOf<typeof RefundPaymentResult>;

@Resolver()
export class RefundPaymentResolver {
  @Directive('@policy(policies: [["role:staff", "mfa"], ["role:admin", "mfa"]])')
  @Mutation(() => RefundPaymentResult.type, {
    description:
      'Gives money back, all or in part. Staff and admins of the practice. The refund is PENDING at first.',
  })
  refundPayment(
    @Ctx() deps: Deps,
    @Arg('input', () => RefundPaymentInput) input: RefundPaymentInput,
  ): Promise<Outcome> {
    return idempotent(deps, 'refundPayment', input, refundPayment);
  }
}

export async function refundPayment(deps: Deps, input: RefundPaymentInput): Promise<Outcome> {
  const id = idOf('paymentId', input.paymentId);
  const key = input.idempotencyKey ?? deps.viewer.idempotencyKey;
  if (!key) throw badInput({ field: 'idempotencyKey', message: 'is required for a refund' });
  const { amountMinor, reason } = input;
  return deps.em.transactional(async (em) => {
    const payment = await lockPayment(em, { id });
    const access = payment && (await em.findOne(AppointmentAccess, { appointmentId: payment.appointmentId }));
    if (!payment || !access || !maySee(deps.viewer, access)) return new PaymentNotFound();
    if (!hasRole(deps.viewer, payment.practiceId, 'staff', 'admin', 'system'))
      throw forbidden('Only the practice refunds.');

    const inPart = amountMinor < payment.refundableMinor;
    if (inPart && !isOn(await flagsSet(em), 'payment.partial_refunds_enabled', payment.providerId))
      return new PartialRefundsDisabled(payment.refundableMinor);

    const cause = `request:${deps.viewer.account ?? ''}:${key}`;
    const refund = await openRefund({ em, now: deps.now }, payment, {
      cause,
      amountMinor,
      initiatedBy: 'admin',
      reason,
    });
    return refund instanceof Refusal ? refund : payment;
  });
}
