// I8: when a reminder left, the appointment was on, at the start that it speaks of.
import { trails, type AuditEntry, type Evidence } from '../evidence.js';
import type { Invariant } from './invariant.js';

/** News of a cancellation needs a moment to reach the desk that sends. */
const graceMs = 5_000;

export const noLateReminder: Invariant = {
  id: 'I8',
  rule: 'no reminder for an appointment that is no longer on',
  violations: (evidence) => {
    const trailOf = trails(evidence);
    const known = new Map(evidence.notifications.map((one) => [one.id, one]));
    return evidence.mails.flatMap((mail) => {
      const one = known.get(String(mail.customArgs.notification_id));
      if (one?.cause !== 'appointment-reminder-24h') return [];
      const sentAt = Date.parse(mail.sentAt);
      const trail = trailOf.get(one.appointmentId) ?? [];
      const wasOn = [sentAt - graceMs, sentAt].some((at) =>
        isOn(evidence, { trail, appointmentId: one.appointmentId, start: one.occurrence, at }),
      );
      return wasOn
        ? []
        : [
            `a reminder of ${one.appointmentId} at ${one.occurrence} left at ${mail.sentAt}, when it was not on`,
          ];
    });
  },
};

function isOn(
  { events }: Evidence,
  of: {
    readonly trail: readonly AuditEntry[];
    readonly appointmentId: string;
    readonly start: string;
    readonly at: number;
  },
): boolean {
  const last = of.trail.filter((entry) => entry.at.getTime() <= of.at).at(-1);
  if (last?.newStatus !== 'CONFIRMED') return false;
  const told = events
    .filter((event) => event.appointmentId === of.appointmentId && event.version <= last.version)
    .sort((one, other) => other.version - one.version)[0];
  // A copy that was sent again carries a mark behind the start.
  return told !== undefined && of.start.startsWith(told.start.toISOString());
}
