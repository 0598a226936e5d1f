import { randomUUID } from 'node:crypto';
import { BookingBed } from '../testing/booking-bed.js';
import { endHold } from './hold.jobs.js';
import { SlotHold } from './hold.js';
import { holdSlot } from './hold-slot.js';
import { releaseHold } from './release-hold.js';
import { holdToken } from './hold-token.js';
import { bookAppointment } from '../appointment/book-appointment.js';

describe('holding a slot', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
  });
  afterAll(() => bed.close());

  /** A caller of this test only: holds are counted per login and session. */
  const held = async (start = bed.at(48), account: string | null = 'pat'): Promise<SlotHold> => {
    const outcome = await holdSlot(bed.as(account), { offer: bed.signed({ start }) });
    if (!(outcome instanceof SlotHold)) throw new Error(outcome.code);
    return outcome;
  };

  it('keeps the time for five minutes and tells scheduling what is occupied, buffers included (BK-045, BK-049)', async () => {
    const hold = await held();
    expect(hold.expiresAt).toEqual(new Date(bed.now.getTime() + 300_000));
    const [event] = await bed.published('booking.claims-changed.v1');
    expect(event?.data).toMatchObject({
      ownerId: hold.id,
      ownerKind: 'HOLD',
      claims: [{ subjectId: bed.providerId, start: bed.at(48).toISOString(), end: bed.at(49).toISOString() }],
      expiresAt: hold.expiresAt.toISOString(),
    });
  });

  it('is refused to the second who wants the time, who then gets it when the first lets go', async () => {
    const hold = await held();
    expect(await holdSlot(bed.as('sam'), { offer: bed.signed() })).toMatchObject({ code: 'SLOT_TAKEN' });
    await releaseHold(bed.as('pat'), { holdId: hold.id });
    expect(await holdSlot(bed.as('sam'), { offer: bed.signed() })).toMatchObject({ status: 'ACTIVE' });
  });

  it('ends at its second, and not before (BK-045)', async () => {
    const hold = await held();
    await endHold(bed.em(), hold.id, new Date(hold.expiresAt.getTime() - 1));
    expect(await bed.em().findOneOrFail(SlotHold, hold.id)).toMatchObject({ status: 'ACTIVE' });
    await endHold(bed.em(), hold.id, hold.expiresAt);
    expect(await bed.em().findOneOrFail(SlotHold, hold.id)).toMatchObject({ status: 'EXPIRED', version: 2 });
    expect((await bed.published('booking.claims-changed.v1')).at(-1)?.data).toMatchObject({
      claims: [],
      version: 2,
    });
  });

  it('works for somebody not logged in, who proves it later with the token (BK-047)', async () => {
    const hold = await held(bed.at(48), null);
    const patientId = await bed.patientOf('pat');
    const token = holdToken(hold.id, bed.as(null).offerKeys);
    const book = (holdToken: string | null) =>
      bookAppointment(bed.as('pat'), {
        holdId: hold.id,
        holdToken,
        patientId,
        paymentMethodId: 'pm_card_visa',
      });
    expect(await book(null)).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    expect(await book('AAAAAAAAAAAAAAAAAAAAAA')).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    expect(await book(token)).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it('is refused to who holds three already, and to who held ten within ten minutes (BK-150)', async () => {
    for (const hour of [48, 50, 52]) await held(bed.at(hour));
    expect(await holdSlot(bed.as('pat'), { offer: bed.signed({ start: bed.at(54) }) })).toMatchObject({
      code: 'TOO_MANY_HOLDS',
    });
    expect(await holdSlot(bed.as('sam'), { offer: bed.signed({ start: bed.at(54) }) })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  it('counts also those that one holder asks for at the same moment (BK-150)', async () => {
    const at = [48, 50, 52, 54, 56, 58];
    const outcomes = await Promise.all(
      at.map((hour) => holdSlot(bed.as('max'), { offer: bed.signed({ start: bed.at(hour) }) })),
    );
    expect(outcomes.filter((outcome) => outcome instanceof SlotHold)).toHaveLength(3);
  });

  it.each([
    ['MALFORMED', () => 'nonsense'],
    ['FOREIGN', () => bed.signed().replace('test.', 'other.')],
    ['FOREIGN', () => `${bed.signed().slice(0, -4)}AAAA`],
    ['EXPIRED', () => bed.signed({ expiresAt: bed.now })],
    ['EXPIRED', () => bed.signed({ start: bed.now })],
    [
      'NOT_BOOKABLE',
      () =>
        bed.signed({ appointmentTypeId: bed.typeId, providerId: bed.providerId, appointmentTypeVersion: 1 }),
    ],
  ])('refuses an offer that is %s and changes nothing', async (fault, offer) => {
    if (fault === 'NOT_BOOKABLE')
      await bed.em().execute('update known_appointment_type set active = false where id = ?', [bed.typeId]);
    expect(await holdSlot(bed.as('pat'), { offer: offer() })).toMatchObject({
      code: 'OFFER_REJECTED',
      fault,
    });
    expect(await bed.published()).toEqual([]);
  });

  it('asks to try again when the offer is newer than what booking has heard of', async () => {
    const tooNew = holdSlot(bed.as('pat'), { offer: bed.signed({ providerVersion: 2 }) });
    await expect(tooNew).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    const unknown = holdSlot(bed.as('pat'), { offer: bed.signed({ providerId: randomUUID() }) });
    await expect(unknown).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
  });
});
