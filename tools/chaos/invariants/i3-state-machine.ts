// I3: the audit trail tells of no change that the state machine does not have, and the row stands where it ends.
import type { Appointment, AuditEntry } from '../evidence.js';
import { trails } from '../evidence.js';
import { maySucceed } from './reachable.js';
import type { Invariant } from './invariant.js';

export const stateMachine: Invariant = {
  id: 'I3',
  rule: "an appointment's status changes only along the state machine",
  violations: (evidence) => {
    const trailOf = trails(evidence);
    return evidence.appointments.flatMap((one) => faultsOf(one, trailOf.get(one.id) ?? []));
  },
};

function faultsOf({ id, status, version }: Appointment, trail: readonly AuditEntry[]): string[] {
  const found = trail.flatMap((entry, index) => faultsOfStep(entry, trail[index - 1]));
  const last = trail.at(-1);
  if (last && (last.newStatus !== status || last.version !== version))
    found.push(`${id} is ${status} v${version}, its trail ends ${last.newStatus} v${last.version}`);
  return found;
}

function faultsOfStep(entry: AuditEntry, before: AuditEntry | undefined): string[] {
  const { appointmentId, version, type, previousStatus, newStatus } = entry;
  const step = `${appointmentId} v${version} ${type}: ${String(previousStatus)} to ${newStatus}`;
  const found: string[] = [];
  if (before && previousStatus !== before.newStatus)
    found.push(`${step}, but v${before.version} had left it ${before.newStatus}`);
  if (before && version <= before.version) found.push(`${step} follows v${before.version}`);
  if (previousStatus !== null && !maySucceed(previousStatus, newStatus))
    found.push(`${step} is no step of the state machine`);
  return found;
}
