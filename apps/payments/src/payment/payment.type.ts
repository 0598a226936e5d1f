// A payment as clients see it, its refusals, and how the gateway finds it.
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { paymentStatuses } from '@caregraph/contracts';
import { inOrder, isId, Money, refusalType, type LoadReferences } from '@caregraph/subgraph';
import { AppointmentAccess, isPayer, maySee, worksOn } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { Refund } from '../refund/refund.js';
import { RefundObject } from '../refund/refund.type.js';
import { Payment } from './payment.js';
import * as refusals from './payment.refusals.js';
import { secretContext } from './record-payment-intent.js';

export const PaymentStatusEnum = Object.fromEntries(paymentStatuses.map((status) => [status, status]));
registerEnumType(PaymentStatusEnum, {
  name: 'PaymentStatus',
  description: 'Where a payment is in its life; the README of payments shows the ways between them.',
});

refusalType(
  refusals.PaymentNotFound,
  'Returned when there is no such payment, or the caller may not see it.',
);
refusalType(
  refusals.PaymentNotRefundable,
  'Returned when nothing was captured, or all of it went back already.',
  {
    status: { type: () => PaymentStatusEnum, description: 'The status that stands in the way.' },
  },
);
refusalType(
  refusals.PartialRefundsDisabled,
  'Returned while less than all that is left cannot be refunded by the practice (PY-024).',
  {
    refundableAmountMinor: {
      type: () => Int,
      description: "All that is left, in the currency's smallest unit.",
    },
  },
);
refusalType(
  refusals.RefundExceedsPayment,
  'Returned when more is asked back than was captured and not yet refunded.',
  {
    refundableAmountMinor: {
      type: () => Int,
      description: "The most that can still go back, in the currency's smallest unit.",
    },
  },
);

@ObjectType('PaymentAction', { description: 'What the payer has to do before the money is held.' })
export class PaymentActionObject {
  @Field(() => String, {
    description: "Given to the processor's own form, which asks the bank's question (3-D Secure).",
  })
  clientSecret!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Payment', { description: 'The money of one appointment.' })
export class PaymentObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => PaymentStatusEnum, { description: 'Where it is in its life.' })
  status!: string;

  @Field(() => Int, { description: 'Grows with each change; drop what is older than what you have.' })
  version!: number;

  @Field(() => Date, {
    nullable: true,
    description: "The processor's own end of the hold; null where nothing was held.",
  })
  heldUntil!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: "Why the card or the capture was refused, in the processor's word: insufficient_funds.",
  })
  failureCode!: string | null;

  @Field(() => Date, { nullable: true, description: 'When the money was taken.' })
  capturedAt!: Date | null;

  @Field(() => Date, { description: 'When it was begun.' })
  createdAt!: Date;
}

@Resolver(() => PaymentObject)
export class PaymentFields {
  @FieldResolver(() => Money, { description: 'The price.' })
  amount(@Root() payment: Payment): Money {
    return money(payment, payment.amountMinor);
  }

  @FieldResolver(() => Money, {
    description: 'What was taken: all, or the part kept of a late cancellation.',
  })
  capturedAmount(@Root() payment: Payment): Money {
    return money(payment, payment.capturedAmountMinor);
  }

  @FieldResolver(() => Money, { description: 'What went back to the payer.' })
  refundedAmount(@Root() payment: Payment): Money {
    return money(payment, payment.refundedAmountMinor);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description:
      "The platform's fee, less what went back with refunds; only to the provider and the practice.",
  })
  async platformFee(@Root() payment: Payment, @Ctx() { em, viewer }: Deps): Promise<Money | null> {
    const access = await accessOf(em, payment);
    if (!access || !worksOn(viewer, access)) return null;
    return money(payment, payment.platformFeeMinor - payment.platformFeeReturnedMinor);
  }

  @FieldResolver(() => PaymentActionObject, {
    nullable: true,
    description: "What the payer has to do; only to the patient's own accounts, and only while it is asked.",
  })
  async nextAction(
    @Root() payment: Payment,
    @Ctx() { em, viewer, sealer }: Deps,
  ): Promise<PaymentActionObject | null> {
    if (payment.status !== 'ACTION_REQUIRED' || payment.clientSecret === null) return null;
    const access = await accessOf(em, payment);
    if (!access || !isPayer(viewer, access)) return null;
    return { clientSecret: sealer.open(payment.clientSecret, secretContext(payment.id)) };
  }

  @FieldResolver(() => [RefundObject], { description: 'The refunds, the latest first, at most 50.' })
  refunds(@Root() { id }: Payment, @Ctx() { em }: Deps): Promise<Refund[]> {
    return em.find(Refund, { paymentId: id }, { orderBy: { createdAt: 'desc', id: 'asc' }, limit: 50 });
  }
}

const money = ({ currency }: Payment, amountMinor: number): Money => ({ amountMinor, currency });

/** The identity map answers from memory where the payment was found by its access. */
const accessOf = (em: Deps['em'], { appointmentId }: Payment): Promise<AppointmentAccess | null> =>
  em.findOne(AppointmentAccess, { appointmentId });

export const loadPayments: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const payments = await em.find(Payment, { id: { $in: ids.filter(isId) } });
  const access = await em.find(AppointmentAccess, {
    appointmentId: { $in: payments.map(({ appointmentId }) => appointmentId) },
  });
  const visible = new Set(
    access.filter((row) => maySee(viewer, row)).map(({ appointmentId }) => appointmentId),
  );
  return inOrder(
    ids,
    payments.filter(({ appointmentId }) => visible.has(appointmentId)),
  );
};
