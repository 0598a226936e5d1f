// Who may see an appointment's money: payments' own copy, kept by booking's events.
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import type { AppointmentState } from '@caregraph/contracts';
import { hasRole, type Viewer } from '@caregraph/runtime';
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

/** Keeps the copy; a lower or equal version is dropped. */
export async function keepAccess(em: EntityManager, state: AppointmentState): Promise<void> {
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
  if (!known) em.persist(em.create(AppointmentAccess, { appointmentId, ...copy }));
  else if (known.version < version) em.assign(known, copy);
}

type Access = Pick<AppointmentAccess, 'practiceId' | 'providerAccount' | 'accounts'>;

/** One of the patient's own people: only they may answer the bank's question. */
export const isPayer = (viewer: Viewer, { accounts }: Access): boolean =>
  viewer.account !== null && accounts.includes(viewer.account);

/** Its provider, or somebody who works for the practice or for all of them. */
export const worksOn = (viewer: Viewer, { practiceId, providerAccount }: Access): boolean =>
  (viewer.account !== null && providerAccount === viewer.account) ||
  hasRole(viewer, practiceId, 'staff', 'admin', 'support', 'system');

/** To everybody else the appointment and its money read as absent. */
export const maySee = (viewer: Viewer, access: Access): boolean =>
  isPayer(viewer, access) || worksOn(viewer, access);
