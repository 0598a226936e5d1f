// What a run left behind: the apps' rows and the sandbox's books, as plain objects that the invariants compare.

export interface Appointment {
  readonly id: string;
  readonly practiceId: string;
  readonly status: string;
  readonly version: number;
  readonly mode: string;
  readonly providerId: string;
  readonly patientId: string;
  readonly resourceIds: readonly string[];
  readonly start: Date;
  readonly end: Date;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly priceAmountMinor: number;
  readonly nothingDue: boolean;
  readonly paymentDueAt: Date | null;
  readonly refundBasisPoints: number | null;
}

export interface Claim {
  readonly ownerId: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly from: Date;
  readonly to: Date;
}

export interface Hold {
  readonly id: string;
  readonly providerId: string;
  readonly resourceIds: readonly string[];
  readonly start: Date;
  readonly end: Date;
  readonly status: string;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly appointmentId: string | null;
}

export interface AuditEntry {
  readonly appointmentId: string;
  readonly seq: number;
  readonly type: string;
  readonly previousStatus: string | null;
  readonly newStatus: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** An event of an appointment in booking's outbox. */
export interface SentEvent {
  readonly id: string;
  readonly appointmentId: string;
  readonly type: string;
  readonly version: number;
  readonly start: Date;
  readonly status: string;
}

export interface Payment {
  readonly id: string;
  readonly appointmentId: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly refundPendingMinor: number;
}

export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly cause: string;
  readonly amountMinor: number;
  readonly status: string;
}

export interface Notification {
  readonly id: string;
  readonly appointmentId: string;
  readonly cause: string;
  readonly occurrence: string;
  readonly channel: string;
  readonly recipient: string;
  readonly status: string;
}

export interface CalendarEvent {
  readonly appointmentId: string;
  readonly providerId: string;
  readonly state: string;
}

/** An order at the processor. */
export interface PaymentIntent {
  readonly id: string;
  readonly status: string;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly heldMinor: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ProcessorRefund {
  readonly id: string;
  readonly paymentIntent: string;
  readonly amountMinor: number;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly sentAt: string;
  readonly customArgs: Readonly<Record<string, unknown>>;
}

export interface Evidence {
  /** What time the apps have it. */
  readonly now: Date;
  readonly appointments: readonly Appointment[];
  readonly claims: readonly Claim[];
  readonly holds: readonly Hold[];
  readonly audit: readonly AuditEntry[];
  readonly events: readonly SentEvent[];
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  readonly notifications: readonly Notification[];
  readonly calendarEvents: readonly CalendarEvent[];
  /** Providers whose outside calendar is connected. */
  readonly connected: readonly string[];
  readonly paymentIntents: readonly PaymentIntent[];
  readonly processorRefunds: readonly ProcessorRefund[];
  readonly mails: readonly Mail[];
  /** What was left undone, each in words: dead letters, failed jobs, and what kept the run from becoming quiet. */
  readonly leftUndone: readonly string[];
}

/** All entries by a key of theirs, in their order. */
export function groupedBy<One>(list: readonly One[], keyOf: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

/** An appointment's trail, oldest first. */
export const trails = ({ audit }: Pick<Evidence, 'audit'>): Map<string, AuditEntry[]> =>
  groupedBy(
    [...audit].sort((one, other) => one.seq - other.seq),
    ({ appointmentId }) => appointmentId,
  );
