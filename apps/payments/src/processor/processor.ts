// What payments asks of the processor, in our own words; `stripe/` answers it. An order that the processor may or may
// not have carried out is thrown (the job comes again); what it says no to is a value.
import type { AttemptOutcome, VoidCause } from '../payment/attempt.js';
import type { RefundStatus } from '../refund/refund.js';

/** What the processor says of one attempt. */
export interface PaymentIntentFacts {
  readonly paymentId: string;
  readonly attempt: number;
  /** The processor's id; null when it refused the order outright, so that nothing exists. */
  readonly reference: string | null;
  readonly outcome: AttemptOutcome;
  readonly capturedAmountMinor: number;
  /** Set while held: after it the hold is gone. */
  readonly heldUntil: Date | null;
  /** Set while the payer must act. */
  readonly clientSecret: string | null;
  /** Set when declined. */
  readonly failure: { readonly code: string | null; readonly retryable: boolean } | null;
  /** When the processor says it happened; null where it does not say. */
  readonly occurredAt: Date | null;
}

export interface RefundFacts {
  readonly refundId: string;
  readonly reference: string | null;
  readonly status: RefundStatus;
  readonly failureCode: string | null;
}

/** The processor understood the order and does not carry it out. */
export class NotAccepted {
  constructor(readonly code: string) {}
}

/** The processor failed, and will repeat that answer for the same key: the next try needs a look, and another key. */
export class AnswerSpoilt extends Error {
  override readonly name = 'AnswerSpoilt';
}

export interface HoldOrder {
  readonly customer: string;
  readonly paymentMethodId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  readonly transferGroup: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RefundOrder {
  /** The order whose money goes back. */
  readonly reference: string;
  readonly refundId: string;
  readonly paymentId: string;
  readonly practiceId: string;
  readonly amountMinor: number;
}

/** Each `key` makes the order happen once, however often it is sent (within 24 hours). */
export interface Processor {
  /** Answers the customer's id. The processor learns no name and no address. */
  createCustomer(patient: { patientId: string; practiceId: string }, key: string): Promise<string>;
  hold(order: HoldOrder, key: string): Promise<PaymentIntentFacts | NotAccepted>;
  /** The order of this attempt, if it was ever carried out. Answers at once also for the newest. */
  findHold(attempt: {
    customer: string;
    paymentId: string;
    attempt: number;
  }): Promise<PaymentIntentFacts | undefined>;
  capture(
    order: { reference: string; amountMinor: number },
    key: string,
  ): Promise<PaymentIntentFacts | NotAccepted>;
  /** Answers how the order stands afterwards: captured, if that was faster. */
  void(order: { reference: string; cause: VoidCause }, key: string): Promise<PaymentIntentFacts>;
  /** Undefined: the order is none of ours. */
  read(reference: string): Promise<PaymentIntentFacts | undefined>;
  /** Orders of ours that the processor holds money for, made before that time. What is newer than a minute may lack. */
  heldOrders(before: Date): Promise<PaymentIntentFacts[]>;
  refund(order: RefundOrder, key: string): Promise<RefundFacts | NotAccepted>;
  findRefund(order: { reference: string; refundId: string }): Promise<RefundFacts | undefined>;
  readRefund(reference: string): Promise<RefundFacts | undefined>;
}
