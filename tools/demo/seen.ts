// What people see of the demo's world: through the gateway, and in the sandbox's own books.

export interface Slot {
  readonly start: string;
  readonly end: string;
  readonly mode: 'INSTANT' | 'REQUEST';
  readonly offer: string;
}

/** One appointment with what all five subgraphs say of it. */
export interface SeenAppointment {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly mode: string;
  readonly start: string;
  readonly bookingNumber: string;
  readonly refundBasisPoints: number | null;
  readonly confirmationDeadlineAt: string | null;
  /** Confirmed, but not paid: another card is due by then. */
  readonly paymentDueAt: string | null;
  readonly provider: { readonly name: string } | null;
  readonly payment: {
    readonly id: string;
    readonly status: string;
    readonly amount: Money;
    readonly capturedAmount: Money;
    readonly refundedAmount: Money;
  } | null;
  readonly notifications:
    | readonly {
        readonly cause: string;
        readonly channel: string;
        readonly recipient: string;
        readonly status: string;
      }[]
    | null;
  readonly calendarEvent: { readonly state: string } | null;
}

interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly id?: string;
  readonly status?: string;
  readonly holdToken?: string | null;
  readonly expiresAt?: string;
}

/** What the vendors' side says. */
export interface Ledger {
  readonly paymentIntents: readonly {
    readonly id: string;
    readonly status: string;
    readonly amountMinor: number;
    readonly heldMinor: number;
    readonly capturedMinor: number;
    readonly refundedMinor: number;
  }[];
  readonly refunds: readonly { readonly amountMinor: number; readonly status: string }[];
  readonly mails: readonly { readonly to: string; readonly subject: string; readonly state: string }[];
}

/** Whether a message of this cause has reached this recipient. */
export const told = (
  seen: SeenAppointment,
  cause: string,
  recipient: 'PATIENT' | 'PROVIDER' | 'STAFF',
): boolean =>
  seen.notifications?.some(
    (one) => one.cause === cause && one.recipient === recipient && one.status === 'DELIVERED',
  ) ?? false;
