// A card that the bank declines: nothing is charged, the time is free again, and another card may be tried.
import { eventually } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import {
  aKey,
  booked,
  expectMoney,
  holdAsVisitor,
  instantVisit,
  openWorld,
  price,
  startsOf,
  untilConfirmed,
} from './support/story.js';

const declined = { paymentMethodId: 'pm_card_visa_chargeDeclinedInsufficientFunds' };

describe('a declined card', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const failed = async (login: string) => {
    const one = await booked(world, login, instantVisit, declined);
    await world.until(
      login,
      one.id,
      'the payment has failed',
      ({ status, payment }) => status === 'PAYMENT_FAILED' && payment?.status === 'FAILED',
    );
    return one;
  };
  const freeAgain = (start: string) =>
    eventually('the time is offered again', async () =>
      (await world.slots(instantVisit)).find((slot) => slot.start === start),
    );
  const retry = (login: string, appointmentId: string) =>
    world.mutate(
      login,
      'retryAppointmentPayment',
      { appointmentId, paymentMethodId: 'pm_card_visa' },
      '... on Appointment { id status }',
      aKey(),
    );

  it('fails the booking, charges nothing and frees the time; another card confirms it (BK-040)', async () => {
    const { id, slot } = await failed('patient');
    const before = await world.ledger(id);
    expect(before.paymentIntents.map(({ capturedMinor, heldMinor }) => capturedMinor + heldMinor)).toEqual([
      0,
    ]);
    await freeAgain(slot.start);

    expect(await retry('patient', id)).toMatchObject({
      __typename: 'Appointment',
      status: 'PENDING_PAYMENT',
    });
    await untilConfirmed(world, 'patient', id);
    const { paymentIntents } = await world.ledger(id);
    expect(
      paymentIntents
        .filter(({ capturedMinor }) => capturedMinor > 0)
        .map(({ capturedMinor }) => capturedMinor),
    ).toEqual([price]);
    expect(paymentIntents.every(({ heldMinor }) => heldMinor === 0)).toBe(true);
    expect(startsOf(await world.slots(instantVisit))).not.toContain(slot.start);
  });

  it('a retry is refused when somebody else has the time meanwhile, and nothing is charged', async () => {
    const { id, slot } = await failed('patient2');
    const { offer } = await freeAgain(slot.start);
    expect(await holdAsVisitor(offer)).toMatchObject({ __typename: 'SlotHold' });
    expect(await retry('patient2', id)).toMatchObject({ code: 'SLOT_TAKEN' });
    await expectMoney(world, id, { status: 'canceled', capturedMinor: 0, refundedMinor: 0 });
  });
});
