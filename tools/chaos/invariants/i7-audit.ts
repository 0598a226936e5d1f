// I7: each change of an appointment, that is each version, has one audit entry and one event; and what other apps told
// was noted once.
import { groupedBy, trails, type Appointment, type AuditEntry, type SentEvent } from '../evidence.js';
import type { Invariant } from './invariant.js';

export const auditComplete: Invariant = {
  id: 'I7',
  rule: 'every change has exactly one audit entry and one event',
  violations: (evidence) => {
    const trailOf = trails(evidence);
    const eventsOf = groupedBy(evidence.events, ({ appointmentId }) => appointmentId);
    const known = new Set(evidence.appointments.map(({ id }) => id));
    return [
      ...evidence.appointments.flatMap((one) =>
        faultsOf(one, trailOf.get(one.id) ?? [], eventsOf.get(one.id) ?? []),
      ),
      ...[...trailOf.keys(), ...eventsOf.keys()]
        .filter((id) => !known.has(id))
        .map((id) => `there is a trail or an event of ${id}, and no such appointment`),
      ...(evidence.audit.length > 0 ? notedTwice(evidence.audit) : []),
    ];
  },
};

function faultsOf(
  { id, version }: Appointment,
  trail: readonly AuditEntry[],
  events: readonly SentEvent[],
): string[] {
  const found: string[] = [];
  for (let one = 1; one <= version; one += 1) {
    const entries = trail.filter((entry) => entry.version === one);
    const sent = events.filter((event) => event.version === one);
    // The first version is the hold's end, which is told with the second (Y-30).
    const wanted = one === 1 ? 0 : 1;
    if (entries.length !== 1)
      found.push(
        `${id} v${one} has ${entries.length} audit entries: ${entries.map(({ type }) => type).join(', ')}`,
      );
    if (sent.length !== wanted)
      found.push(`${id} v${one} has ${sent.length} events: ${sent.map(({ type }) => type).join(', ')}`);
  }
  const beyond = [...trail, ...events].filter((one) => one.version > version);
  if (beyond.length > 0) found.push(`${id} is v${version}, and there is news of v${beyond[0]?.version ?? 0}`);
  return found;
}

/** News that came twice. */
function notedTwice(audit: readonly AuditEntry[]): string[] {
  const once = audit.flatMap(({ appointmentId, type, data }) => {
    if (type === 'notification_sent') return [`${appointmentId} ${type} ${String(data.notificationId)}`];
    return type === 'payment_captured' ? [`${appointmentId} ${type} ${String(data.paymentId)}`] : [];
  });
  return [...groupedBy(once, (what) => what)]
    .filter(([, list]) => list.length > 1)
    .map(([what, list]) => `noted ${list.length} times: ${what}`);
}
