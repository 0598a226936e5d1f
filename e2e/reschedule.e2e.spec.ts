// The patient moves a confirmed appointment: the new time is his, the old one is free, both are told, money stays.
import { eventually } from '@caregraph/testing';
import { told } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { confirmed, expectMoney, instantVisit, openWorld, price, startsOf } from './support/story.js';

describe('an appointment that its patient moves', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('stands at the new time, counts one move, and both sides are told (BK-083)', async () => {
    const { id, slot } = await confirmed(world, 'patient', instantVisit);
    const other = await eventually('another free time', async () => {
      const free = await world.slots(instantVisit);
      return free.find(({ start }) => start !== slot.start && start > slot.end);
    });
    const outcome = await world.act('patient', 'rescheduleAppointment', id, { offer: other.offer });
    expect(outcome).toMatchObject({ __typename: 'Appointment', status: 'CONFIRMED' });

    const seen = await world.until(
      'staff',
      id,
      'both were told of the move',
      (one) =>
        told(one, 'appointment-rescheduled', 'PATIENT') && told(one, 'appointment-rescheduled', 'PROVIDER'),
    );
    expect(new Date(seen.start)).toEqual(new Date(other.start));
    await eventually('the old time is offered again, and the new one no more', async () => {
      const starts = startsOf(await world.slots(instantVisit));
      return starts.includes(slot.start) && !starts.includes(other.start) ? true : undefined;
    });
    await expectMoney(world, id, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
  });
});
