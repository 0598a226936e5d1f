// Five minutes for somebody who checks out: with and without a login, and what happens when they are over.
import { eventually } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import {
  aKey,
  held,
  holdAsVisitor,
  holdFirst,
  instantVisit,
  openWorld,
  startsOf,
  untilConfirmed,
  visitor,
} from './support/story.js';

const minute = 60_000;
const wanted = { ...instantVisit, fromHours: 420, toHours: 480 };

describe('a hold', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const offered = (start: string) =>
    eventually('the time is offered', async () =>
      (await world.slots(wanted)).find((slot) => slot.start === start),
    );
  const notOffered = (start: string) =>
    eventually('the time is not offered', async () =>
      startsOf(await world.slots(wanted)).includes(start) ? undefined : true,
    );

  it('takes the time out of the offers for five minutes, to the second, and then gives it back (BK-045, BK-048)', async () => {
    // An hour inside the window that is looked at, which moves along with the clock.
    const slot = await world.firstSlot({ ...wanted, fromHours: wanted.fromHours + 1 });
    const before = await world.now();
    const outcome = await holdAsVisitor(slot.offer);
    const after = await world.now();
    const { holdId, holdToken } = held(outcome);
    const expiresAt = Date.parse(outcome.expiresAt!);
    // The apps' clocks and ours are read within moments of each other.
    expect(expiresAt).toBeGreaterThanOrEqual(before.getTime() + 5 * minute - 2_000);
    expect(expiresAt).toBeLessThanOrEqual(after.getTime() + 5 * minute + 2_000);
    await notOffered(slot.start);
    expect(await holdAsVisitor(slot.offer)).toMatchObject({ code: 'SLOT_TAKEN' });

    await world.advance({ minutes: 4, seconds: 20 });
    await notOffered(slot.start);
    expect(await holdAsVisitor(slot.offer)).toMatchObject({ code: 'SLOT_TAKEN' });

    await world.advance({ seconds: 40 });
    const again = await offered(slot.start);
    expect(await world.book('patient', holdId, { holdToken })).toMatchObject({ code: 'SLOT_HOLD_OVER' });
    expect(await holdAsVisitor(again.offer)).toMatchObject({ __typename: 'SlotHold' });
  });

  it('of somebody not logged in is booked by whoever logs in with its token (BK-047)', async () => {
    const { hold } = await holdFirst(world, wanted);
    expect(await world.book('patient', hold.holdId)).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    expect(await world.book('patient', hold.holdId, { holdToken: 'AAAAAAAAAAAAAAAAAAAAAA' })).toMatchObject({
      code: 'SLOT_HOLD_NOT_FOUND',
    });
    const booked = await world.book('patient', hold.holdId, { holdToken: hold.holdToken });
    expect(booked).toMatchObject({ __typename: 'Appointment' });
    await untilConfirmed(world, 'patient', booked.id!);
  });

  it('of somebody logged in shows no token, and is nobody else’s', async () => {
    const { offer } = await world.firstSlot(wanted);
    const hold = await world.hold('patient4', offer);
    expect(hold).toMatchObject({ __typename: 'SlotHold', holdToken: null });
    expect(await world.book('patient3', hold.id!)).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    const release = { holdId: hold.id! };
    expect(await world.mutate('patient3', 'releaseHold', release, '', aKey())).toMatchObject({
      code: 'SLOT_HOLD_NOT_FOUND',
    });
    const released = await world.mutate(
      'patient4',
      'releaseHold',
      release,
      '... on SlotHold { id status }',
      aKey(),
    );
    expect(released).toMatchObject({ status: 'RELEASED' });
  });

  it('does not let anybody book without a login', async () => {
    const { hold } = await holdFirst(world, wanted);
    const booking = `mutation Book($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }`;
    const input = { ...hold, patientId: world.patientOf('patient'), paymentMethodId: 'pm_card_visa' };
    const { errors } = await visitor().answer(booking, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('is refused to a login that has three already (BK-150)', async () => {
    const outcomes = [];
    for (const day of [16, 17, 18, 19]) {
      const { offer } = await world.firstSlot({ ...wanted, fromHours: 24 * day, toHours: 24 * (day + 1) });
      outcomes.push(await world.hold('staff2', offer));
    }
    expect(outcomes.map(({ code }) => code ?? null)).toEqual([null, null, null, 'TOO_MANY_HOLDS']);
    await world.advance({ minutes: 6 });
  });
});
