// A patient was erased: who acted for him, is forgotten. Calendar events name only ids.
import { patientErased } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { AppointmentAccess } from './appointment-access.js';
import { ErasedPatient } from './erased-patient.js';

export const onPatientErased = consumer(
  patientErased,
  async ({ em }: Deps, { patientId: id, practiceId, erasedAt }) => {
    await em.upsert(ErasedPatient, { id, practiceId, erasedAt: new Date(erasedAt) });
    await em.nativeUpdate(AppointmentAccess, { patientId: id }, { accounts: [] });
  },
);
