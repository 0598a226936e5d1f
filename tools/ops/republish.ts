// `npm run ops -- republish`: says the whole state of a noun again, for consumers whose copies were lost or are new.
import { republish, type Republishable } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { databaseParts as bookingParts } from '../../apps/booking/src/database.js';
import { republishable as ofBooking } from '../../apps/booking/src/republish.js';
import { databaseParts as calendarParts } from '../../apps/calendar-sync/src/database.js';
import { republishable as ofCalendar } from '../../apps/calendar-sync/src/republish.js';
import { databaseParts as paymentsParts } from '../../apps/payments/src/database.js';
import { republishable as ofPayments } from '../../apps/payments/src/republish.js';
import { databaseParts as platformParts } from '../../apps/platform/src/database.js';
import { republishable as ofPlatform } from '../../apps/platform/src/republish.js';
import { databaseParts as schedulingParts } from '../../apps/scheduling/src/database.js';
import { republishable as ofScheduling } from '../../apps/scheduling/src/republish.js';
import { businessTime } from './support/business-time.js';
import { databaseOf } from './support/stack.js';

const owners = {
  scheduling: { parts: schedulingParts, nouns: ofScheduling },
  booking: { parts: bookingParts, nouns: ofBooking },
  payments: { parts: paymentsParts, nouns: ofPayments },
  'calendar-sync': { parts: calendarParts, nouns: ofCalendar },
  platform: { parts: platformParts, nouns: ofPlatform },
};

const forms = Object.entries(owners).map(([app, { nouns }]) => `${app} ${Object.keys(nouns).join('|')}`);

export const usage = `
republish <app> <noun>  says all of a noun again: ${forms.join(', ')}`;

export async function run([app = '', noun = '']: readonly string[]): Promise<number> {
  const owner = Object.hasOwn(owners, app) ? owners[app as keyof typeof owners] : undefined;
  const nouns: Republishable = owner?.nouns ?? {};
  const restating = Object.hasOwn(nouns, noun) ? nouns[noun] : undefined;
  if (!owner || !restating) return 2;
  const orm = await openDatabase(databaseOf(app).url, owner.parts);
  try {
    const count = await republish(orm, restating, await businessTime());
    console.log(
      `${count} events of ${app} ${noun} are on their way; npm run ops -- outbox ${app} shows them leave.`,
    );
    return 0;
  } finally {
    await orm.close();
  }
}
