// `npm run ops -- audit verify`: whether anybody has touched the audit trails.
import type { EntityManager } from '@mikro-orm/postgresql';
import { messagingEntities } from '@caregraph/messaging';
import { openDatabase, type TrailReport } from '@caregraph/runtime';
import { verifyAudit as verifyBooking } from '../../apps/booking/src/audit/verify-audit.js';
import { verifyAudit as verifyPlatform } from '../../apps/platform/src/audit/verify-audit.js';
import { databaseOf } from './support/stack.js';

export const usage = `
audit verify  walks the hash chains of the audit trails, booking's and the platform's; exit code 1 and the first wrong entry of each when one is broken`;

type Verify = (em: EntityManager) => Promise<TrailReport>;

/** With what the trails of an app tell of. */
const trails: Readonly<Record<string, { readonly verify: Verify; readonly of: string }>> = {
  booking: { verify: verifyBooking, of: 'appointments' },
  platform: { verify: verifyPlatform, of: 'roles, sessions, keys and flags' },
};

export async function run([command]: readonly string[]): Promise<number> {
  if (command !== 'verify') return 2;
  const whole: boolean[] = [];
  for (const [app, { verify, of }] of Object.entries(trails)) whole.push(await isWhole(app, verify, of));
  return whole.every(Boolean) ? 0 : 1;
}

async function isWhole(app: string, verify: Verify, of: string): Promise<boolean> {
  const orm = await openDatabase(databaseOf(app).url, { entities: [...messagingEntities], migrations: [] });
  try {
    const { subjects, entries, erased, digest, broken } = await verify(orm.em.fork());
    console.log(
      `${app}: ${entries} entries of ${subjects} ${of}; ${erased} entries name somebody erased no more.`,
    );
    console.log(`digest of all its trails: ${digest}`);
    if (broken.length > 0) console.table(broken);
    console.log(broken.length === 0 ? 'The trail is whole.' : `${broken.length} trails are broken.`);
    return broken.length === 0;
  } finally {
    await orm.close();
  }
}
