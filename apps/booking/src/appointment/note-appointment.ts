// What other apps say of an appointment that does not move it: an entry in the trail, a new version, an event, so that
// clients who watch it see more than the state they first got.
import { LockMode } from '@mikro-orm/postgresql';
import type { AuditType } from '../audit/audit-entry.js';
import { record } from '../audit/record.js';
import type { Deps } from '../deps.js';
import { system } from './actor.js';
import { Appointment } from './appointment.js';

/** The row, locked, so that events and callers change it one after the other. */
export const locked = ({ em }: Deps, id: string): Promise<Appointment | null> =>
  em.findOne(Appointment, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });

export async function note(
  deps: Deps,
  appointmentId: string,
  type: AuditType,
  data: Record<string, unknown>,
): Promise<void> {
  const appointment = await locked(deps, appointmentId);
  if (appointment) record(deps, appointment, appointment.note(system, deps.now), { type, data });
}
