// `npm run ops -- audit verify`: whether anybody has touched the audit trails.
import type { EntityManager } from '@mikro-orm/postgresql';
import { messagingEntities } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { verifyAudit as verifyBooking } from '../../apps/booking/src/audit/verify-audit.js';
import { verifyAudit as verifyPlatform } from '../../apps/platform/src/audit/verify-audit.js';
import { databaseOf } from './support/stack.js';

export const usage = `
audit verify  walks the hash chains of the audit trails, booking's and the platform's; exit code 1 and the first wrong entry of each when one is broken`;

interface Report {
  readonly entries: number;
  /** Of how many of what, in words. */
  readonly of: string;
  readonly erased: number;
  readonly digest: string;
  readonly broken: readonly object[];
}

const trails: Readonly<Record<string, (em: EntityManager) => Promise<Report>>> = {
  booking: async (em) => {
    const { appointments, ...report } = await verifyBooking(em);
    return { ...report, of: `${appointments} appointments` };
  },
  platform: async (em) => {
    const { subjects, ...report } = await verifyPlatform(em);
    return { ...report, of: `${subjects} roles, sessions, keys and flags` };
  },
};

export async function run([command]: readonly string[]): Promise<number> {
  if (command !== 'verify') return 2;
  const whole: boolean[] = [];
  for (const [app, verify] of Object.entries(trails)) whole.push(await isWhole(app, verify));
  return whole.every(Boolean) ? 0 : 1;
}

async function isWhole(app: string, verify: (em: EntityManager) => Promise<Report>): Promise<boolean> {
  const orm = await openDatabase(databaseOf(app).url, { entities: [...messagingEntities], migrations: [] });
  try {
    const { entries, of, erased, digest, broken } = await verify(orm.em.fork());
    console.log(`${app}: ${entries} entries of ${of}; ${erased} entries name somebody erased no more.`);
    console.log(`digest of all its trails: ${digest}`);
    if (broken.length > 0) console.table(broken);
    console.log(broken.length === 0 ? 'The trail is whole.' : `${broken.length} trails are broken.`);
    return broken.length === 0;
  } finally {
    await orm.close();
  }
}
