// Who may see an appointment: calendar-sync's own copy, kept by booking's events.
import { defineEntity, p, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import type { AppointmentState } from '@caregraph/contracts';
import { hasRole, practicesOf, type Viewer } from '@caregraph/runtime';
import { ErasedPatient } from './erased-patient.js';

const AppointmentAccessSchema = defineEntity({
  name: 'AppointmentAccess',
  tableName: 'appointment_access',
  properties: {
    appointmentId: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    providerId: p.uuid(),
    providerAccount: p.string().nullable(),
    patientId: p.uuid(),
    accounts: p.array(),
  },
});
export class AppointmentAccess extends AppointmentAccessSchema.class {}
AppointmentAccessSchema.setClass(AppointmentAccess);
export { AppointmentAccessSchema };

/** Keeps the copy. False: this state, or a newer one, was heard before, and nothing was changed. */
export async function keepAccess(em: EntityManager, state: AppointmentState): Promise<boolean> {
  const { appointmentId, practiceId, version, providerId, providerAccount, patientId, accounts } = state;
  // An older event of an erased patient's brings nobody back.
  const erased = (await em.count(ErasedPatient, { id: patientId })) > 0;
  const copy = {
    practiceId,
    version,
    providerId,
    providerAccount,
    patientId,
    accounts: erased ? [] : accounts,
  };
  const known = await em.findOne(AppointmentAccess, { appointmentId });
  if (known && known.version >= version) return false;
  if (known) em.assign(known, copy);
  else em.persist(em.create(AppointmentAccess, { appointmentId, ...copy }));
  return true;
}

/** Those of the appointments that the viewer may see: its patient's people, its provider, the practice's desk. */
export async function visibleAppointments(
  em: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<string[]> {
  const visible = visibleTo(viewer);
  if (!visible) return [];
  const wanted: FilterQuery<AppointmentAccess> = { $and: [{ appointmentId: { $in: [...ids] } }, visible] };
  const rows = await em.find(AppointmentAccess, wanted);
  return rows.map(({ appointmentId }) => appointmentId);
}

/** The condition under which appointments are the viewer's to see; undefined: none are. */
function visibleTo(viewer: Viewer): FilterQuery<AppointmentAccess> | undefined {
  if (hasRole(viewer, null, 'support', 'system')) return {};
  const practices = practicesOf(viewer, 'staff', 'admin');
  const ways: FilterQuery<AppointmentAccess>[] = [];
  if (practices.length > 0) ways.push({ practiceId: { $in: practices } });
  if (viewer.account !== null) {
    ways.push({ accounts: { $contains: [viewer.account] } }, { providerAccount: viewer.account });
  }
  return ways.length > 0 ? { $or: ways } : undefined;
}
