// Who may act for a patient, or see him.
import type { EntityManager } from '@mikro-orm/postgresql';
import { hasRole, type Viewer } from '@caregraph/runtime';
import { Patient } from './patient.js';
import { PatientAccount } from './patient.entity.js';

/** The patient, if the viewer acts for him or works at his practice; else he reads as absent. */
export async function findPatient(
  em: EntityManager,
  viewer: Viewer,
  patientId: string,
): Promise<Patient | null> {
  const [patient] = await findPatients(em, viewer, [patientId]);
  return patient ?? null;
}

/** Those of the patients whom the viewer may see, in no order. */
export async function findPatients(
  em: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Patient[]> {
  const patients = await em.find(Patient, { id: { $in: [...ids] } });
  const own = viewer.account
    ? await em.find(PatientAccount, { sub: viewer.account, patientId: { $in: [...ids] } })
    : [];
  return patients.filter(
    ({ id, practiceId }) =>
      own.some(({ patientId }) => patientId === id) ||
      hasRole(viewer, practiceId, 'staff', 'admin', 'support', 'system'),
  );
}

/** The logins that act for the patient. */
export async function accountsOf(em: EntityManager, patientId: string): Promise<string[]> {
  const accounts = await em.find(
    PatientAccount,
    { patientId },
    { orderBy: { createdAt: 'asc', sub: 'asc' } },
  );
  return accounts.map(({ sub }) => sub);
}
