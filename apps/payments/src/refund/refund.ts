// A refund: money on its way back to the payer, for one cause (I5).

export const refundStatuses = ['PENDING', 'SUCCEEDED', 'FAILED'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

export const initiators = ['patient', 'provider', 'admin', 'system'] as const;
export type Initiator = (typeof initiators)[number];

/** A bank may take back what had looked settled, so FAILED is the last word. */
const rank: Readonly<Record<RefundStatus, number>> = { PENDING: 0, SUCCEEDED: 1, FAILED: 2 };

export class Refund {
  id!: string;
  practiceId!: string;
  paymentId!: string;
  /** What it is for, once per payment: `cancellation`, or `request:` and the key of whoever asked. */
  cause!: string;
  amountMinor!: number;
  currency!: string;
  initiatedBy!: Initiator;
  /** In the words of whoever asked; it never leaves payments. */
  reason: string | null = null;
  status: RefundStatus = 'PENDING';
  /** The processor's id; null until its answer is known. */
  reference: string | null = null;
  failureCode: string | null = null;
  createdAt!: Date;
  settledAt: Date | null = null;

  /** Takes news in; false: it is old, or known already. */
  learn(news: {
    status: RefundStatus;
    reference: string | null;
    failureCode: string | null;
    at: Date;
  }): boolean {
    this.reference ??= news.reference;
    if (rank[news.status] <= rank[this.status]) return false;
    this.status = news.status;
    this.failureCode = news.failureCode;
    this.settledAt = news.at;
    return true;
  }
}
