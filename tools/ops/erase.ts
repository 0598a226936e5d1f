// `npm run ops -- erase`: a person's right to be erased, as the system. Admins do the same by `erasePatient`, support by
// `eraseAccount`.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@caregraph/contracts';
import { openDatabase, systemViewer, type DatabaseParts } from '@caregraph/runtime';
import { databaseParts as bookingParts } from '../../apps/booking/src/database.js';
import { erasePatient } from '../../apps/booking/src/patient/erase-patient.js';
import { databaseParts as platformParts } from '../../apps/platform/src/database.js';
import { eraseAccount } from '../../apps/platform/src/erasure/erase-account.js';
import { businessTime } from './support/business-time.js';
import { databaseOf } from './support/stack.js';

export const usage = `
erase <patient id>       erases a patient for good, here and in every copy; refused while an appointment or money is open
erase account <account>  forgets an account (\`sub\`) in the platform's memberships and trail; refused while it has a role`;

export async function run([who, account]: readonly string[]): Promise<number> {
  if (!who) return 2;
  if (who !== 'account')
    return erased('booking', bookingParts, who, (deps) => erasePatient(deps, { patientId: who }));
  if (!account) return 2;
  return erased('platform', platformParts, 'The account', (deps) => eraseAccount(deps, { account }));
}

type Deps = Parameters<typeof erasePatient>[0] & Parameters<typeof eraseAccount>[0];

async function erased(
  app: string,
  parts: DatabaseParts,
  name: string,
  erase: (deps: Deps) => Promise<object>,
): Promise<number> {
  const orm = await openDatabase(databaseOf(app).url, parts);
  try {
    const viewer = { ...systemViewer, requestId: randomUUID() };
    const outcome = await erase({ em: orm.em.fork(), viewer, now: await businessTime() });
    if (outcome instanceof Refusal) {
      console.error(`${outcome.code}: ${outcome.message}`);
      return 1;
    }
    console.log(`${name} is erased; the other apps erase their copies as they hear of it.`);
    return 0;
  } finally {
    await orm.close();
  }
}
