// The processor did what it was asked, and its answer was lost on the way: it must not be done again.
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
import { clearFaults, plan, strikes, untilStruck } from './support/vendors.js';

const captured = { status: 'succeeded', capturedMinor: price, refundedMinor: 0 };

describe('an answer of the processor that is lost after the effect', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterEach(() => clearFaults(world));
  afterAll(() => world.close());

  it.each(['reset-after-effect', '500-after-effect'] as const)(
    'when the money is held (%s): one charge, and the booking is confirmed (PY-012)',
    async (kind) => {
      await plan(world, { method: 'POST', path: '/v1/payment_intents', kind });
      const { id } = await booked(world, 'patient2', instantVisit);
      await untilConfirmed(world, 'patient2', id, 40_000);
      expect(await strikes(world)).toBe(1);
      await expectMoney(world, id, captured);
    },
  );

  it('when the money is captured: it is captured once (PY-012)', async () => {
    await plan(world, { method: 'POST', path: '/v1/payment_intents/*/capture', kind: 'reset-after-effect' });
    const { id } = await booked(world, 'patient3', instantVisit);
    await untilConfirmed(world, 'patient3', id, 40_000);
    expect(await strikes(world)).toBe(1);
    await expectMoney(world, id, captured);
  });

  it('when money is given back: one refund, and the payment says so (PY-014)', async () => {
    const { id } = await confirmed(world, 'patient4');
    await plan(world, { method: 'POST', path: '/v1/refunds', kind: 'reset-after-effect' });
    expect(await world.act('patient4', 'cancelAppointment', id)).toMatchObject({
      status: 'CANCELLED_PATIENT',
    });
    await untilStruck(world);
    await world.until(
      'patient4',
      id,
      'all is given back',
      ({ payment }) => payment?.status === 'REFUNDED',
      40_000,
    );
    const { refunds } = await expectMoney(world, id, { ...captured, refundedMinor: price });
    expect(refunds).toHaveLength(1);
  });
});
