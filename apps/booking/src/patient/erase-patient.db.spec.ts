import { randomUUID } from 'node:crypto';
import { cancelAppointment } from '../appointment/cancel-appointment.js';
import { bookAppointment } from '../appointment/book-appointment.js';
import { holdSlot } from '../hold/hold-slot.js';
import { Appointment } from '../appointment/appointment.js';
import { republish } from '@caregraph/messaging';
import { verifyAudit } from '../audit/verify-audit.js';
import type { Deps } from '../deps.js';
import { republishable } from '../republish.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf } from '../testing/examples.js';
import { erasePatient } from './erase-patient.js';
import { findPatient } from './patient-access.js';
import { Patient } from './patient.js';

describe('erasing a patient (GW-035)', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const admin = (): Deps => bed.as('boss', [{ practiceId: bed.practiceId, role: 'admin' }]);
  const erase = (patientId: string, deps = admin()) => erasePatient(deps, { patientId });
  const rows = <Row>(sql: string, values: unknown[]): Promise<Row[]> => bed.em().execute(sql, values);

  /** One who was seen, and one visit that he called off with a reason, all paid back. */
  async function formerPatient(): Promise<Appointment> {
    const appointment = await bed.booked();
    await bed.em().nativeUpdate(Appointment, { id: appointment.id }, { patientNotes: 'my knee hurts' });
    await cancelAppointment(
      { ...bed.as('pat') },
      { appointmentId: appointment.id, reason: 'my knee is well' },
    );
    return appointment;
  }

  it('leaves nothing that names him, and the trail whole', async () => {
    const { id, patientId } = await formerPatient();
    const outcome = await erase(patientId);
    expect(outcome).toBeInstanceOf(Patient);
    expect(
      await rows('select contact, erased_at is not null as erased from patient where id = ?', [patientId]),
    ).toEqual([{ contact: null, erased: true }]);
    expect(await rows('select 1 from patient_account where patient_id = ?', [patientId])).toEqual([]);
    expect(
      await rows('select accounts, patient_notes, cancellation_reason from appointment where id = ?', [id]),
    ).toEqual([{ accounts: [], patient_notes: null, cancellation_reason: null }]);
    expect(await rows('select account from slot_hold where appointment_id = ?', [id])).toEqual([
      { account: null },
    ]);
    const people = await rows<{ actor_type: string; actor_sub: string | null; type: string }>(
      'select type, actor_type, actor_sub from audit_entry where appointment_id = ? order by position',
      [id],
    );
    expect(people.filter(({ actor_type: type }) => type === 'patient')).toHaveLength(3);
    expect(people.every(({ actor_type: type, actor_sub: sub }) => type !== 'patient' || sub === null)).toBe(
      true,
    );
    expect(people.at(-1)).toEqual({ type: 'patient_erased', actor_type: 'admin', actor_sub: 'boss' });
    const { broken, erased } = await verifyAudit(bed.em());
    expect(broken).toEqual([]);
    expect(erased).toBe(3);
  });

  it('is told to those who keep copies, in a version above all before, without anything of him', async () => {
    const { patientId } = await formerPatient();
    await erase(patientId);
    const told = await bed.published('booking.patient-erased.v1');
    expect(told.map(({ data }) => data)).toEqual([
      { patientId, practiceId: bed.practiceId, version: 2, erasedAt: bed.now.toISOString() },
    ]);
    const [last] = (await bed.published('booking.appointment-updated.v1')).slice(-1);
    expect(last?.data).toMatchObject({ patientId, accounts: [], actor: { type: 'admin', sub: 'boss' } });
  });

  it('makes him read as absent, to be found, booked for or erased again by nobody', async () => {
    const { patientId } = await formerPatient();
    await erase(patientId);
    expect(await findPatient(bed.em(), bed.asStaff().viewer, patientId)).toBeNull();
    expect(await erase(patientId)).toMatchObject({ code: 'PATIENT_NOT_FOUND' });
    const hold = await holdSlot(bed.as('pat'), { offer: bed.signed() });
    const booking = { holdId: (hold as { id: string }).id, patientId, paymentMethodId: 'pm_card_visa' };
    expect(await bookAppointment(bed.as('pat'), booking)).toMatchObject({ code: 'PATIENT_NOT_FOUND' });
  });

  it('is refused while an appointment is on, and changes nothing', async () => {
    const { id, patientId } = await bed.confirmed();
    expect(await erase(patientId)).toMatchObject({ code: 'PATIENT_HAS_APPOINTMENTS', appointments: 1 });
    expect(await bed.em().findOneOrFail(Appointment, id)).toMatchObject({ accounts: ['pat'] });
    expect(await bed.published('booking.patient-erased.v1')).toEqual([]);
  });

  it('is refused while money is held or on its way back, and done once it is settled', async () => {
    const { id, patientId } = await bed.confirmed();
    const money = { appointmentId: id, attempt: 1, practiceId: bed.practiceId };
    await bed.deliver(exampleOf('payments.payment-captured.v1', money));
    await cancelAppointment(bed.asStaff(), { appointmentId: id });
    expect(await erase(patientId)).toMatchObject({ code: 'PATIENT_MONEY_OPEN' });
    await bed.deliver(exampleOf('payments.payment-refunded.v1', money));
    expect(await erase(patientId)).toBeInstanceOf(Patient);
  });

  it('is for the admin of his practice and the system alone', async () => {
    const { patientId } = await formerPatient();
    await expect(erase(patientId, bed.asStaff())).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
    await expect(erase(patientId, bed.as('pat'))).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
    const elsewhere = bed.as('boss', [{ practiceId: randomUUID(), role: 'admin' }]);
    expect(await erase(patientId, elsewhere)).toMatchObject({ code: 'PATIENT_NOT_FOUND' });
    expect(await erase(patientId, bed.asSystem())).toBeInstanceOf(Patient);
  });

  it('is what is said of him again when all patients are', async () => {
    const { patientId } = await formerPatient();
    await erase(patientId);
    const said = republishable.patient;
    if (!said) throw new Error('Booking says its patients again.');
    await republish(bed.orm, said, bed.now);
    const told = (await bed.published()).filter(({ subject }) => subject === patientId);
    expect(told.map(({ type }) => type)).toEqual(['booking.patient-erased.v1', 'booking.patient-erased.v1']);
  });
});
