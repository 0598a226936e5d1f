// Calling it off, by whom and how late: what goes back, what is voided, who is told, and that the time is free again.
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
  requestedVisit,
  startsOf,
  type Wanted,
} from './support/story.js';

const voided = { status: 'canceled', capturedMinor: 0, refundedMinor: 0 };
const captured = { status: 'succeeded', capturedMinor: price };

describe('an appointment that is called off', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const bothToldOfEnd = (one: SeenAppointment): boolean =>
    told(one, 'appointment-cancelled', 'PATIENT') && told(one, 'appointment-cancelled', 'PROVIDER');
  const expectFree = (wanted: Wanted, start: string): Promise<true> =>
    eventually('the time is offered again', async () =>
      startsOf(await world.slots(wanted)).includes(start) ? true : undefined,
    );
  const requested = async (login: string) => {
    const one = await booked(world, login, requestedVisit);
    await world.until('staff', one.id, 'the provider is asked', (seen) =>
      told(seen, 'appointment-awaiting-provider', 'PROVIDER'),
    );
    return one;
  };

  it.each([
    ['25 hours or more', 25, 72, 10_000, 'REFUNDED'],
    ['12 to 24 hours', 13, 23, 5_000, 'PARTIALLY_REFUNDED'],
    ['less than 12 hours', 3, 11, 0, 'CAPTURED'],
  ])(
    'by the patient %s before: he gets back what the tier says (BK-078)',
    async (_when, fromHours, toHours, share, status) => {
      const { id } = await confirmed(world, 'patient', { fromHours, toHours });
      expect(await world.act('patient', 'cancelAppointment', id)).toMatchObject({
        status: 'CANCELLED_PATIENT',
      });
      const seen = await world.until(
        'staff',
        id,
        'the money is settled and both were told',
        (one) => one.payment?.status === status && bothToldOfEnd(one),
      );
      expect(seen.refundBasisPoints).toBe(share);
      const { refunds } = await expectMoney(world, id, {
        ...captured,
        refundedMinor: (price * share) / 10_000,
      });
      expect(refunds).toHaveLength(share === 0 ? 0 : 1);
    },
  );

  it('by the provider, however late: the patient gets all back, both are told and the time is free (BK-043)', async () => {
    const wanted = { ...instantVisit, fromHours: 3, toHours: 11 };
    const { id, slot } = await confirmed(world, 'patient2', wanted);
    const outcome = await world.act('provider', 'cancelAppointment', id, { reason: 'I am ill.' });
    expect(outcome).toMatchObject({ status: 'CANCELLED_PROVIDER' });
    await world.until(
      'staff',
      id,
      'all is given back',
      (one) => one.payment?.status === 'REFUNDED' && bothToldOfEnd(one),
    );
    await expectMoney(world, id, { ...captured, refundedMinor: price });
    await expectFree(wanted, slot.start);
  });

  it('twice at once: it is cancelled once, and the money goes back once (X-17)', async () => {
    const { id } = await confirmed(world, 'patient3');
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => world.act('patient3', 'cancelAppointment', id)),
    );
    expect(outcomes.filter(({ status }) => status === 'CANCELLED_PATIENT')).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'APPOINTMENT_NOT_CANCELLABLE')).toHaveLength(3);
    await world.until(
      'staff',
      id,
      'all is given back',
      (one) => one.payment?.status === 'REFUNDED' && bothToldOfEnd(one),
    );
    const { refunds } = await expectMoney(world, id, { ...captured, refundedMinor: price });
    expect(refunds).toHaveLength(1);
  });

  it('as a request, by its patient: the hold is voided and nothing is refunded (X-16)', async () => {
    const { id } = await requested('patient4');
    expect(await world.act('patient4', 'cancelAppointment', id)).toMatchObject({
      status: 'CANCELLED_PATIENT',
    });
    await world.until(
      'staff',
      id,
      'the hold is voided',
      (one) => one.payment?.status === 'CANCELLED' && bothToldOfEnd(one),
    );
    const { refunds } = await expectMoney(world, id, voided);
    expect(refunds).toEqual([]);
  });

  it('as a request, declined by the provider: the hold is voided, the patient is told and the time is free (BK-069)', async () => {
    const { id, slot } = await requested('patient');
    const outcome = await world.act('provider2', 'declineAppointment', id, { reason: 'I am away.' });
    expect(outcome).toMatchObject({ status: 'CANCELLED_PROVIDER' });
    await world.until(
      'staff',
      id,
      'the hold is voided and the patient was told',
      (one) => one.payment?.status === 'CANCELLED' && told(one, 'appointment-declined', 'PATIENT'),
    );
    await expectMoney(world, id, voided);
    await expectFree(requestedVisit, slot.start);
  });

  it('while the provider confirms it: one of the two wins, and the money follows', async () => {
    const { id } = await requested('patient2');
    const [yes, no] = await Promise.all([
      world.act('provider2', 'confirmAppointment', id),
      world.act('patient2', 'cancelAppointment', id),
    ]);
    // A yes that comes first is followed by the cancellation; one that comes second is refused.
    expect(no).toMatchObject({ status: 'CANCELLED_PATIENT' });
    expect([undefined, 'APPOINTMENT_NOT_CONFIRMABLE']).toContain(yes.code);
    await world.until(
      'staff',
      id,
      'the money is settled',
      ({ payment }) => payment?.status === 'CANCELLED' || payment?.status === 'REFUNDED',
    );
    const { totals } = await world.sandbox<{ totals: Record<string, number> }>(
      'GET',
      `/_sandbox/ledger?appointmentId=${id}`,
    );
    expect(totals).toMatchObject({ heldMinor: 0 });
    expect(totals.capturedMinor! - totals.refundedMinor!).toBe(0);
  });
});
