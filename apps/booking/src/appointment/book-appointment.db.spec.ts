import { idempotent } from '@caregraph/subgraph';
import { AuditEntry } from '../audit/audit-entry.js';
import { SlotHold } from '../hold/hold.js';
import { holdSlot } from '../hold/hold-slot.js';
import { BookingBed } from '../testing/booking-bed.js';
import { Appointment } from './appointment.js';
import { bookAppointment, type BookAppointmentInput } from './book-appointment.js';

describe('booking a held time', () => {
  let bed: BookingBed;
  let patientId: string;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
    patientId = await bed.patientOf('pat');
  });
  afterAll(() => bed.close());

  const input = async (over: Partial<BookAppointmentInput> = {}): Promise<BookAppointmentInput> => {
    const hold = await holdSlot(bed.as('pat'), { offer: bed.signed() });
    if (!(hold instanceof SlotHold)) throw new Error(hold.code);
    return { holdId: hold.id, patientId, paymentMethodId: 'pm_card_visa', ...over };
  };
  const appointments = (): Promise<number> => bed.em().count(Appointment, { practiceId: bed.practiceId });

  it('converts the hold and copies the terms that stand now (BK-050)', async () => {
    const request = await input();
    const booked = (await bookAppointment(bed.as('pat'), request)) as Appointment;
    expect(booked).toMatchObject({
      status: 'PENDING_PAYMENT',
      mode: 'REQUEST',
      modeReason: 'NO_CALENDAR',
      priceAmountMinor: 12_000,
      durationMinutes: 45,
      bufferAfterMinutes: 15,
      cancellationPolicy: { kind: 'TIERS' },
      paymentDeadlineAt: bed.at(0.25),
    });
    expect(await bed.em().findOneOrFail(SlotHold, request.holdId)).toMatchObject({
      status: 'CONVERTED',
      appointmentId: booked.id,
    });
  });

  it('hands the time over from the hold: scheduling hears of the new owner, and that the hold has nothing', async () => {
    const request = await input();
    const booked = (await bookAppointment(bed.as('pat'), request)) as Appointment;
    const owners = (await bed.published('booking.claims-changed.v1')).map(
      ({ data }) => data as { ownerId: string; claims: object[] },
    );
    expect(owners.map(({ ownerId, claims }) => [ownerId, claims.length])).toEqual([
      [request.holdId, 1],
      [booked.id, 1],
      [request.holdId, 0],
    ]);
  });

  it('leaves two entries in the trail and one event that payments understands (Y-30)', async () => {
    const booked = (await bookAppointment(bed.as('pat'), await input())) as Appointment;
    const trail = await bed.em().find(AuditEntry, { appointmentId: booked.id }, { orderBy: { seq: 'asc' } });
    expect(
      trail.map(({ type, previousStatus, newStatus, actorType }) => [
        type,
        previousStatus,
        newStatus,
        actorType,
      ]),
    ).toEqual([
      ['slot_reserved', null, 'SLOT_RESERVED', 'patient'],
      ['created', 'SLOT_RESERVED', 'PENDING_PAYMENT', 'patient'],
    ]);
    const events = await bed.published('booking.appointment-requested.v1');
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({ paymentMethodId: 'pm_card_visa', accounts: ['pat'], version: 2 });
  });

  it('keeps the trail from being changed, even by the app (BK-102)', async () => {
    await bookAppointment(bed.as('pat'), await input());
    await expect(bed.em().execute(`update audit_entry set type = 'cancelled'`)).rejects.toThrow(
      'permission denied',
    );
    await expect(bed.em().execute('delete from audit_entry')).rejects.toThrow('permission denied');
  });

  it('goes straight to the provider where nothing is due (Y-31)', async () => {
    await bed
      .em()
      .execute(`update known_appointment_type set payment_mode = 'AT_VISIT' where id = ?`, [bed.typeId]);
    const booked = (await bookAppointment(
      bed.as('pat'),
      await input({ paymentMethodId: null }),
    )) as Appointment;
    expect(booked).toMatchObject({ status: 'PENDING_CONFIRMATION', confirmationDeadlineAt: bed.at(24) });
  });

  it('names the field when money is due and no payment method is given, and changes nothing', async () => {
    const request = await input({ paymentMethodId: null });
    await expect(bookAppointment(bed.as('pat'), request)).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'paymentMethodId' }] },
    });
    expect(await appointments()).toBe(0);
    expect(await bed.em().findOneOrFail(SlotHold, request.holdId)).toMatchObject({ status: 'ACTIVE' });
  });

  it('is refused when the hold is over, another’s, or another practice’s patient is named', async () => {
    const request = await input();
    expect(await bookAppointment(bed.as('sam'), request)).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    const stranger = await bed.patientOf('sam');
    expect(await bookAppointment(bed.as('pat'), { ...request, patientId: stranger })).toMatchObject({
      code: 'PATIENT_NOT_FOUND',
    });
    bed.later(5);
    expect(await bookAppointment(bed.as('pat'), request)).toMatchObject({
      code: 'SLOT_HOLD_OVER',
      holdStatus: 'EXPIRED',
    });
    expect(await appointments()).toBe(0);
  });

  it('makes one appointment of the same key twice, and none of a key with other input (BK-021)', async () => {
    const request = await input({ idempotencyKey: 'once' });
    const book = (one: BookAppointmentInput) =>
      idempotent(bed.as('pat'), 'bookAppointment', one, bookAppointment);
    const [first, second] = (await Promise.all([book(request), book(request)])) as [Appointment, Appointment];
    expect(second.id).toBe(first.id);
    expect(await appointments()).toBe(1);
    await expect(book({ ...request, notes: 'other' })).rejects.toMatchObject({
      extensions: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('does not remember a refusal: the same key may succeed later', async () => {
    const request = await input({ idempotencyKey: 'later' });
    const wrong = { ...request, holdId: patientId };
    const book = (one: BookAppointmentInput) =>
      idempotent(bed.as('pat'), 'bookAppointment', one, bookAppointment);
    expect(await book(wrong)).toMatchObject({ code: 'SLOT_HOLD_NOT_FOUND' });
    expect(await book(request)).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it('never trusts a mode better than what it knows: an instant offer is a request without a calendar (BK-059)', async () => {
    const hold = await holdSlot(bed.as('pat'), { offer: bed.signed({ expectedMode: 'INSTANT' }) });
    const booked = await bookAppointment(bed.as('pat'), {
      holdId: (hold as SlotHold).id,
      patientId,
      paymentMethodId: 'pm_card_visa',
    });
    expect(booked).toMatchObject({ mode: 'REQUEST', modeReason: 'NO_CALENDAR' });
  });
});
