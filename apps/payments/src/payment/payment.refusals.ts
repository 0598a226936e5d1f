// Every way in which a payment says no.
import { Refusal } from '@caregraph/contracts';
import type { PaymentStatus } from './lifecycle.js';

export class PaymentNotFound extends Refusal {
  readonly code = 'PAYMENT_NOT_FOUND';
  readonly message = 'There is no such payment.';
}

export class PaymentNotRefundable extends Refusal {
  readonly code = 'PAYMENT_NOT_REFUNDABLE';
  readonly message: string;
  constructor(readonly status: PaymentStatus) {
    super();
    this.message = `A payment that is ${status} has nothing to give back.`;
  }
}

export class PartialRefundsDisabled extends Refusal {
  readonly code = 'PARTIAL_REFUNDS_DISABLED';
  readonly message: string;
  constructor(readonly refundableAmountMinor: number) {
    super();
    this.message = `Only all that is left can be refunded at the moment: ${refundableAmountMinor} minor units.`;
  }
}

export class RefundExceedsPayment extends Refusal {
  readonly code = 'REFUND_EXCEEDS_PAYMENT';
  readonly message: string;
  constructor(readonly refundableAmountMinor: number) {
    super();
    this.message = `At most ${refundableAmountMinor} minor units can still be refunded.`;
  }
}
