// `npm run ops -- erase`: a person's right to be erased, as the system. An admin does the same by `erasePatient`.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@caregraph/contracts';
import { openDatabase, systemViewer } from '@caregraph/runtime';
import { databaseParts } from '../../apps/booking/src/database.js';
import { erasePatient } from '../../apps/booking/src/patient/erase-patient.js';
import { businessTime } from './support/business-time.js';
import { databaseOf } from './support/stack.js';

export const usage = `
erase <patient id>  erases a patient for good, here and in every copy; refused while an appointment or money is open`;

export async function run([patientId]: readonly string[]): Promise<number> {
  if (!patientId) return 2;
  const orm = await openDatabase(databaseOf('booking').url, databaseParts);
  try {
    const viewer = { ...systemViewer, requestId: randomUUID() };
    const outcome = await erasePatient(
      { em: orm.em.fork(), viewer, now: await businessTime() },
      { patientId },
    );
    if (outcome instanceof Refusal) {
      console.error(`${outcome.code}: ${outcome.message}`);
      return 1;
    }
    console.log(`${patientId} is erased; the other apps erase their copies as they hear of it.`);
    return 0;
  } finally {
    await orm.close();
  }
}
