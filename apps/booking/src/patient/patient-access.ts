// Who may act for a patient, or see him.
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { hasRole, type Viewer } from '@caregraph/runtime';
import { countsIn, isPartner, likeAccountOfKey } from '../caller/partners.js';
import { Patient } from './patient.js';
import { PatientAccount } from './patient.entity.js';

/** What a row of a patient may be read under. */
type RowLock = LockMode.NONE | LockMode.PESSIMISTIC_READ | LockMode.PESSIMISTIC_WRITE;

/**
 * The patient, if the viewer acts for him or works at his practice; else he reads as absent, and so does one who was
 * erased. A partner acts for whom keys of his practice have registered, and nowhere else. Who books for him locks him, so that he is not erased meanwhile.
 */
export async function findPatient(
  em: EntityManager,
  viewer: Viewer,
  patientId: string,
  lockMode: RowLock = LockMode.NONE,
): Promise<Patient | null> {
  const [patient] = await findPatients(em, viewer, [patientId], lockMode);
  return patient ?? null;
}

/** Those of the patients whom the viewer may see, in no order. */
export async function findPatients(
  em: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
  lockMode: RowLock = LockMode.NONE,
): Promise<Patient[]> {
  const patients = await em.find(Patient, { id: { $in: [...ids] }, erasedAt: null }, { lockMode });
  const subs = [
    { sub: viewer.account ?? '' },
    ...(isPartner(viewer) ? [{ sub: { $like: likeAccountOfKey } }] : []),
  ];
  const own = viewer.account
    ? await em.find(PatientAccount, { $or: subs, patientId: { $in: [...ids] } })
    : [];
  return patients.filter(
    ({ id, practiceId }) =>
      (countsIn(viewer, practiceId) && own.some(({ patientId }) => patientId === id)) ||
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
