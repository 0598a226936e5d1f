// Support stops all bookings, or all captures, through the gateway, and lets them go on; no app is started again.
import { eventually } from '@caregraph/testing';
import type { Outcome, Slot } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { sql } from './support/operations.js';
import { scrape, sumOf } from './support/scrape.js';
import {
  aKey,
  booked,
  confirmed,
  holdAsVisitor,
  openWorld,
  requestedVisit,
  untilConfirmed,
} from './support/story.js';

const stopBookings = 'booking.disable_all_bookings';
const stopCaptures = 'payment.disable_captures';

describe('support', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterEach(async () => {
    await set(stopBookings, false);
    await set(stopCaptures, false);
    await arrived('booking', stopBookings, false);
    await arrived('scheduling', stopBookings, false);
    await arrived('payments', stopCaptures, false);
  });
  afterAll(() => world.close());

  const set = (key: string, on: boolean): Promise<Outcome> =>
    world.mutate('support', 'setFeatureFlag', { key, on }, '... on FeatureFlag { key }', aKey());
  /** The app has heard of it. */
  const arrived = (app: string, key: string, on: boolean): Promise<unknown> =>
    eventually(`${app} has heard of ${key}`, async () => {
      const [known] = await sql<{ value: boolean }>(app, 'select value from known_flag where flag = $1', [
        key,
      ]);
      return known?.value === on ? true : undefined;
    });
  /** A visitor tries to hold one time after the other until he is answered so. */
  const holding = (what: string, code: string | undefined, times: readonly Slot[]): Promise<Outcome> => {
    const left = [...times];
    return eventually(what, async () => {
      const outcome = await holdAsVisitor(left.pop()?.offer ?? '');
      return outcome.code === code ? outcome : undefined;
    });
  };
  const asked = async (login: string): Promise<string> => {
    const { id } = await booked(world, login, requestedVisit);
    await world.until(
      'staff',
      id,
      'the provider is asked',
      ({ status }) => status === 'PENDING_CONFIRMATION',
    );
    return id;
  };

  it('stops every new hold and booking, never a cancel or an answer, and lets them go on (X-24, GW-007)', async () => {
    const standing = await confirmed(world, 'patient');
    const waiting = await asked('patient2');
    const { offer } = await world.firstSlot(requestedVisit);
    const hold = await world.hold('patient3', offer);
    const times = await world.slots(requestedVisit);
    const elsewhere = await world.firstSlot({ ...requestedVisit, provider: 'provider' });

    expect(await set(stopBookings, true)).toMatchObject({ __typename: 'FeatureFlag' });
    await holding('holds are refused', 'BOOKINGS_DISABLED', times);
    await eventually('no time is listed', async () =>
      (await world.slots(requestedVisit)).length === 0 ? true : undefined,
    );
    expect(await world.book('patient3', hold.id ?? '')).toMatchObject({ code: 'BOOKINGS_DISABLED' });
    expect(
      await world.act('patient', 'rescheduleAppointment', standing.id, { offer: elsewhere.offer }),
    ).toMatchObject({ code: 'BOOKINGS_DISABLED' });
    expect(await world.act('provider2', 'confirmAppointment', waiting)).toMatchObject({
      status: 'CONFIRMED',
    });
    expect(await world.act('patient', 'cancelAppointment', standing.id)).toMatchObject({
      status: 'CANCELLED_PATIENT',
    });
    await untilConfirmed(world, 'patient2', waiting);

    await set(stopBookings, false);
    await arrived('scheduling', stopBookings, false);
    await holding('times are held again', undefined, await world.slots(requestedVisit));
    await untilConfirmed(world, 'patient', (await confirmed(world, 'patient')).id);
  });

  it('lets captures wait, and they are made once they are allowed again (PY-022)', async () => {
    const id = await asked('patient4');
    await set(stopCaptures, true);
    await arrived('payments', stopCaptures, true);
    expect(await world.act('provider2', 'confirmAppointment', id)).toMatchObject({ status: 'CONFIRMED' });
    await eventually('a capture waits', async () =>
      sumOf([await scrape('payments')], 'caregraph_payment_captures_due') > 0 ? true : undefined,
    );
    await eventually('nothing tries to make it', async () => {
      const tries = await sql(
        'payments',
        `select 1 from jobs.job_common where name = 'capture-payment' and state in ('created', 'retry', 'active')`,
      );
      return tries.length === 0 ? true : undefined;
    });
    expect((await world.ledger(id)).paymentIntents).toMatchObject([{ capturedMinor: 0 }]);
    await set(stopCaptures, false);
    await untilConfirmed(world, 'patient4', id);
  });
});
