// `npm run ops -- audit verify`: whether anybody has touched the audit trail.
import { messagingEntities } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { verifyAudit } from '../../apps/booking/src/audit/verify-audit.js';
import { databaseOf } from './support/stack.js';

export const usage = `
audit verify  walks the audit trail's hash chains; exit code 1 and the first wrong entry of each when one is broken`;

export async function run([command]: readonly string[]): Promise<number> {
  if (command !== 'verify') return 2;
  const orm = await openDatabase(databaseOf('booking').url, {
    entities: [...messagingEntities],
    migrations: [],
  });
  try {
    const { appointments, entries, erased, broken, digest } = await verifyAudit(orm.em.fork());
    console.log(`${entries} entries of ${appointments} appointments, ${erased} of them of erased patients.`);
    console.log(`digest of all trails: ${digest}`);
    if (broken.length > 0) console.table(broken);
    console.log(broken.length === 0 ? 'The trail is whole.' : `${broken.length} trails are broken.`);
    return broken.length === 0 ? 0 : 1;
  } finally {
    await orm.close();
  }
}
