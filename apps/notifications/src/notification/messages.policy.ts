// Who is told what, and why: one row per cause. "Nobody" is written down, so that no cause is forgotten.
import type { AppointmentState, AppointmentStatus } from '@caregraph/contracts';

export const channels = ['EMAIL', 'TEXT', 'PUSH', 'VOICE'] as const;
export type Channel = (typeof channels)[number];
export const recipients = ['PATIENT', 'PROVIDER', 'STAFF'] as const;
export type Recipient = (typeof recipients)[number];

export interface Message {
  readonly recipient: Recipient;
  readonly channel: Channel;
  /** `templates/<language>/<template>.{subject,text,html}.hbs`. */
  readonly template: string;
  /** Left out for a recipient who has been told nothing of the appointment yet. */
  readonly onlyIfTold?: true;
}

interface Rule {
  readonly messages: readonly Message[];
  /**
   * What makes one occurrence of the cause: the appointment has it once; with each version of the appointment; or
   * once for each start that it had. An event that comes twice is the same occurrence.
   */
  readonly occurs: 'ONCE' | 'PER_VERSION' | 'PER_START';
  /** The statuses in which the message is still true when it leaves; in others it is skipped. */
  readonly trueWhile: readonly AppointmentStatus[];
  /** Statuses in which it is not true yet, for another app's event that was faster than booking's: then it waits. */
  readonly trueAfter?: readonly AppointmentStatus[];
  /** Worthless once the appointment has begun. */
  readonly beforeStart: boolean;
}

const patient = (template: string): Message => ({ recipient: 'PATIENT', channel: 'EMAIL', template });
const provider = (template: string): Message => ({ recipient: 'PROVIDER', channel: 'EMAIL', template });
/** The practice's desk. */
const staff = (template: string): Message => ({ recipient: 'STAFF', channel: 'EMAIL', template });
const ifTold = (message: Message): Message => ({ ...message, onlyIfTold: true });

const standing: readonly AppointmentStatus[] = ['CONFIRMED', 'CHECKED_IN', 'IN_PROGRESS', 'COMPLETED'];
const cancelled: readonly AppointmentStatus[] = [
  'CANCELLED_PATIENT',
  'CANCELLED_PROVIDER',
  'CANCELLED_ADMIN',
];

const nobody: Rule = { messages: [], occurs: 'ONCE', trueWhile: [], beforeStart: false };

/** A cause is the word of the event that brings it about, unless one event stands for two causes. */
export const rules = {
  /** The money is not held yet: nothing is certain, and the provider is not asked. */
  'appointment-requested': nobody,
  'appointment-payment-requested': nobody,
  'appointment-verification-requested': nobody,
  'appointment-awaiting-provider': {
    messages: [patient('booking_request_received'), provider('new_booking_request')],
    occurs: 'ONCE',
    trueWhile: ['PENDING_CONFIRMATION', ...standing],
    beforeStart: true,
  },
  'appointment-expiry-neared': {
    messages: [provider('booking_expiring_provider')],
    occurs: 'ONCE',
    trueWhile: ['PENDING_CONFIRMATION'],
    beforeStart: true,
  },
  /** An instant booking with something due waits for the capture (`confirmedForGood`). */
  'appointment-confirmed': {
    messages: [patient('booking_confirmed_patient'), provider('booking_confirmed_provider')],
    occurs: 'ONCE',
    trueWhile: standing,
    beforeStart: true,
  },
  /** The provider has just said so himself. */
  'appointment-declined': {
    messages: [patient('booking_declined_patient')],
    occurs: 'ONCE',
    trueWhile: cancelled,
    beforeStart: false,
  },
  'appointment-cancelled': {
    messages: [patient('booking_cancelled_patient'), ifTold(provider('booking_cancelled_provider'))],
    occurs: 'ONCE',
    trueWhile: cancelled,
    beforeStart: false,
  },
  'appointment-expired': {
    messages: [patient('booking_expired_patient'), ifTold(provider('booking_expired_provider'))],
    occurs: 'ONCE',
    trueWhile: ['EXPIRED'],
    beforeStart: false,
  },
  /** The patient was told of the failed payment, and the provider of nothing. */
  'appointment-payment-abandoned': nobody,
  'appointment-payment-failed': {
    messages: [patient('booking_payment_failed_patient')],
    occurs: 'PER_VERSION',
    trueWhile: ['PAYMENT_FAILED'],
    beforeStart: true,
  },
  'appointment-rescheduled': {
    messages: [patient('booking_rescheduled_patient'), ifTold(provider('booking_rescheduled_provider'))],
    occurs: 'PER_VERSION',
    trueWhile: ['PENDING_CONFIRMATION', ...standing],
    beforeStart: true,
  },
  /** Money, calendar or messages: whoever watches sees it, nobody is written to. */
  'appointment-updated': nobody,
  'payment-capture-failed': {
    messages: [patient('booking_capture_failed_patient'), staff('booking_capture_failed_staff')],
    occurs: 'PER_VERSION',
    trueWhile: ['CONFIRMED'],
    trueAfter: ['PENDING_PAYMENT', 'PENDING_CONFIRMATION'],
    beforeStart: true,
  },
  'appointment-reminder-24h': {
    messages: [patient('booking_reminder_patient'), provider('booking_reminder_provider')],
    occurs: 'PER_START',
    trueWhile: ['CONFIRMED'],
    beforeStart: true,
  },
} as const satisfies Record<string, Rule>;

export type Cause = keyof typeof rules;

export const causes = Object.keys(rules) as Cause[];

export const ruleOf = (cause: Cause): Rule => rules[cause];

/** The occurrence of a cause, which is part of what makes a notification unique (I6). */
export function occurrenceOf(cause: Cause, of: { readonly version: number; readonly start: Date }): string {
  switch (ruleOf(cause).occurs) {
    case 'ONCE':
      return 'once';
    case 'PER_VERSION':
      return `v${String(of.version)}`;
    case 'PER_START':
      return of.start.toISOString();
  }
}

/** Whether the message will say the truth once booking's event is here, too. */
export const notYetTrue = (
  { cause }: { readonly cause: Cause },
  { status }: { readonly status: AppointmentStatus },
): boolean => ruleOf(cause).trueAfter?.includes(status) ?? false;

/** Whether the message still says the truth; asked again when it is sent. */
export function stillTrue(
  notification: { readonly cause: Cause; readonly occurrence: string },
  appointment: { readonly status: AppointmentStatus; readonly start: Date; readonly version: number },
  now: Date,
): boolean {
  const rule = ruleOf(notification.cause);
  if (!rule.trueWhile.includes(appointment.status)) return false;
  if (rule.beforeStart && now >= appointment.start) return false;
  // A copy sent again carries a mark behind the occurrence of the first.
  return rule.occurs !== 'PER_START' || notification.occurrence.startsWith(appointment.start.toISOString());
}

/**
 * Whether a confirmed appointment can be announced. For an instant booking nobody has looked at the request, so the
 * money must be ours first; where nothing is due, or the provider said yes himself, it can at once.
 */
export const confirmedForGood = (
  appointment: {
    readonly status: AppointmentStatus;
    readonly mode: AppointmentState['mode'];
    readonly nothingDue: boolean;
  },
  captured: boolean,
): boolean =>
  appointment.status === 'CONFIRMED' &&
  (appointment.mode === 'REQUEST' || appointment.nothingDue || captured);
