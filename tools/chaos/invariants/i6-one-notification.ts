// I6: a cause reaches a recipient once by each channel: by our rows, and by what the vendor really sent.
import { groupedBy, type Evidence, type Notification } from '../evidence.js';
import type { Invariant } from './invariant.js';

export const oneNotification: Invariant = {
  id: 'I6',
  rule: 'one notification per cause, channel and recipient, at the vendor too',
  violations: (evidence) => {
    const known = new Map(evidence.notifications.map((one) => [one.id, one]));
    const sent = groupedBy(evidence.mails, ({ customArgs }) => String(customArgs.notification_id));
    return [
      ...[...groupedBy(evidence.notifications, causeOf)]
        .filter(([, list]) => list.length > 1)
        .map(([what, list]) => `${list.length} notifications ${what}`),
      ...[...sent].flatMap(([id, mails]) => {
        const one = known.get(id);
        if (!one) return [`the vendor sent ${mails.length} mails of ${id}, which is none of ours`];
        return mails.length > 1 ? [`${mails.length} mails of ${id}: ${causeOf(one)}`] : [];
      }),
      ...evidence.notifications
        .filter(({ id, status }) => ['SENT', 'DELIVERED'].includes(status) && !sent.has(id))
        .map((one) => `${one.id} is ${one.status}, and the vendor never sent it: ${causeOf(one)}`),
      ...evidence.notifications
        .filter(({ status }) => status === 'QUEUED')
        .map((one) => `${one.id} was never settled: ${causeOf(one)}`),
      ...untold(evidence),
    ];
  },
};

const causeOf = (
  one: Pick<Notification, 'appointmentId' | 'cause' | 'occurrence' | 'channel' | 'recipient'>,
): string => `${one.cause} (${one.occurrence}) to ${one.recipient} by ${one.channel} of ${one.appointmentId}`;

/** What stands, and for which the money is ours, both were told of. */
function untold({ appointments, payments, notifications }: Evidence): string[] {
  const captured = new Set(
    payments.filter((one) => one.capturedAmountMinor > 0).map(({ appointmentId }) => appointmentId),
  );
  const told = new Set(
    notifications
      .filter(({ cause }) => cause === 'appointment-confirmed')
      .map(({ appointmentId, recipient }) => `${appointmentId} ${recipient}`),
  );
  return appointments
    .filter(({ id, status, nothingDue }) => status === 'CONFIRMED' && (nothingDue || captured.has(id)))
    .flatMap(({ id }) => ['PATIENT', 'PROVIDER'].map((recipient) => `${id} ${recipient}`))
    .filter((wanted) => !told.has(wanted))
    .map((wanted) => `nobody told of the confirmed appointment: ${wanted}`);
}
