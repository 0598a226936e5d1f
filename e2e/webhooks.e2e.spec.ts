// Vendors' webhooks as they really come: three times, out of order, again much later, and from somebody else.
import { eventually } from '@caregraph/testing';
import { told, type SeenAppointment } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import {
  booked,
  confirmed,
  expectMoney,
  instantVisit,
  openWorld,
  price,
  untilConfirmed,
} from './support/story.js';
import { heldMessages, redeliver, releaseBackwards, stripeEvents, travel } from './support/vendors.js';

const refunded = { status: 'succeeded', capturedMinor: price, refundedMinor: price };

describe('webhooks', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterEach(async () => {
    await travel(world, 'stripe', { mode: 'normal' });
    await travel(world, 'sendgrid', { mode: 'normal' });
  });
  afterAll(() => world.close());

  const cancelled = async (login: string, id: string): Promise<SeenAppointment> => {
    expect(await world.act(login, 'cancelAppointment', id)).toMatchObject({ status: 'CANCELLED_PATIENT' });
    return untilRefunded(id);
  };
  const untilRefunded = (id: string): Promise<SeenAppointment> =>
    world.until('staff', id, 'all is given back and both were told', isRefunded);

  it('that come three times lead to one state, one refund and one mail each (PY-023)', async () => {
    await travel(world, 'stripe', { mode: 'thrice' });
    await travel(world, 'sendgrid', { mode: 'thrice' });
    const { id } = await confirmed(world, 'patient');
    await cancelled('patient', id);
    const { refunds } = await expectMoney(world, id, refunded);
    expect(refunds).toHaveLength(1);
  });

  it('that are held back and come the latest first lead to the same state (PY-023, NT-019)', async () => {
    const { id } = await confirmed(world, 'patient2');
    await travel(world, 'stripe', { mode: 'hold' });
    await travel(world, 'sendgrid', { mode: 'hold' });
    expect(await world.act('patient2', 'cancelAppointment', id)).toMatchObject({
      status: 'CANCELLED_PATIENT',
    });
    await eventually('both vendors have something to say', async () =>
      (await heldMessages(world, 'stripe')) >= 2 && (await heldMessages(world, 'sendgrid')) >= 2
        ? true
        : undefined,
    );
    expect(await releaseBackwards(world)).toBeGreaterThanOrEqual(4);
    await untilRefunded(id);
    const { refunds } = await expectMoney(world, id, refunded);
    expect(refunds).toHaveLength(1);
  });

  it('that come again after the end change nothing, the oldest included (PY-023)', async () => {
    const { id } = await confirmed(world, 'patient3');
    const before = await cancelled('patient3', id);
    const events = await stripeEvents(world, id);
    expect(events.length).toBeGreaterThanOrEqual(3);
    for (const event of events.reverse())
      expect(await redeliver(world, event, { times: 3 })).toEqual([204, 204, 204]);
    const after = await world.see('staff', id);
    expect(after?.payment).toEqual(before.payment);
    expect(after?.status).toBe(before.status);
    await expectMoney(world, id, refunded);
  });

  it('that are not signed by the processor, or too old, are refused (PY-023)', async () => {
    const { id } = await confirmed(world, 'patient4');
    const [event] = await stripeEvents(world, id);
    for (const signature of ['wrong', 'stale', 'none'] as const) {
      const [status] = await redeliver(world, event!, { signature });
      expect([400, 401]).toContain(status);
    }
  });

  it('that overtake each other while a booking is made confirm it once (PY-023)', async () => {
    await travel(world, 'stripe', { mode: 'reorder', window: 3 });
    const { id } = await booked(world, 'patient', instantVisit);
    await untilConfirmed(world, 'patient', id);
    await expectMoney(world, id, { ...refunded, refundedMinor: 0 });
  });
});

const isRefunded = (one: SeenAppointment): boolean =>
  one.payment?.status === 'REFUNDED' &&
  told(one, 'appointment-cancelled', 'PATIENT') &&
  told(one, 'appointment-cancelled', 'PROVIDER');
