// A partner's key counts in one practice: there it reads what its scopes say, and changes what keys have booked.
import { graphql, subscribe, parse, type ExecutionResult } from 'graphql';
import { buildSubgraph } from '@caregraph/subgraph';
import { Appointment } from '../appointment/appointment.js';
import { findVisible } from '../appointment/visibility.js';
import { bookAppointment } from '../appointment/book-appointment.js';
import { cancelAppointment } from '../appointment/cancel-appointment.js';
import { confirmAppointment } from '../appointment/confirm-appointment.js';
import { declineAppointment } from '../appointment/decline-appointment.js';
import { rescheduleAppointment } from '../appointment/reschedule-appointment.js';
import { retryAppointmentPayment } from '../appointment/retry-payment.js';
import { AuditEntry } from '../audit/audit-entry.js';
import type { Deps } from '../deps.js';
import { holdSlot } from '../hold/hold-slot.js';
import { holdToken } from '../hold/hold-token.js';
import { SlotHold } from '../hold/hold.js';
import { releaseHold } from '../hold/release-hold.js';
import type { Patient } from '../patient/patient.js';
import { loadPatients } from '../patient/patient.type.js';
import { registerPatient } from '../patient/register-patient.js';
import { updatePatientContact } from '../patient/update-patient-contact.js';
import { schemaParts } from '../schema.js';
import { BookingBed } from '../testing/booking-bed.js';

const [read, write] = ['appointments:read', 'appointments:write'];
const forbidden = { extensions: { code: 'FORBIDDEN' } };

describe("a partner's key", () => {
  let bed: BookingBed;
  let home = '';
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
    home = bed.practiceId;
  });
  afterAll(() => bed.close());

  /** As the gateway lets one in: a key of the practice in which the test began. */
  const partner = (key: string, ...scopes: string[]): Deps => {
    const deps = bed.as(`partner-key:${key}`, [{ practiceId: home, role: 'partner' }]);
    return { ...deps, viewer: { ...deps.viewer, scopes } };
  };
  const registration = () => ({
    practiceId: bed.practiceId,
    firstName: 'Ola',
    lastName: 'Berg',
    email: 'ola@example.org',
    mobile: '+12075550123',
    country: 'US',
    language: 'en-US',
    textConsent: true,
    relation: 'OTHER' as const,
  });
  const card = { paymentMethodId: 'pm_card_visa' };
  const stored = (id: string): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);

  describe('in another practice', () => {
    beforeEach(() => bed.fresh());

    it('registers nobody and holds no time', async () => {
      const asked = [
        () => registerPatient(partner('1', write), registration()),
        () => holdSlot(partner('1', write), { offer: bed.signed() }),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject(forbidden);
      expect(await bed.published()).toEqual([]);
    });

    it('takes and gives back no hold, though it has the token', async () => {
      const hold = (await holdSlot(bed.as(null), { offer: bed.signed() })) as SlotHold;
      const held = { holdId: hold.id, holdToken: holdToken(hold.id, bed.as(null).offerKeys) };
      const patientId = await bed.patientOf('partner-key:1');
      const refusal = { code: 'SLOT_HOLD_NOT_FOUND' };
      expect(await bookAppointment(partner('1', write), { ...held, patientId, ...card })).toMatchObject(
        refusal,
      );
      expect(await releaseHold(partner('1', write), held)).toMatchObject(refusal);
      expect(await bed.em().findOneOrFail(SlotHold, hold.id)).toMatchObject({ status: 'ACTIVE' });
    });

    it('neither sees nor changes what was booked under its account', async () => {
      const { id: appointmentId, patientId } = await bed.booked({}, 'partner-key:1');
      const both = (): Deps => partner('1', read, write);
      expect(await findVisible(bed.em(), both().viewer, appointmentId)).toBeNull();
      const absent = { code: 'APPOINTMENT_NOT_FOUND' };
      const offer = bed.signed({ start: bed.at(72) });
      expect(await cancelAppointment(both(), { appointmentId })).toMatchObject(absent);
      expect(await rescheduleAppointment(both(), { appointmentId, offer })).toMatchObject(absent);
      expect(await retryAppointmentPayment(both(), { appointmentId, ...card })).toMatchObject(absent);
      expect(await updatePatientContact(both(), { patientId, country: 'US', lastName: 'X' })).toMatchObject({
        code: 'PATIENT_NOT_FOUND',
      });
      expect(await stored(appointmentId)).toMatchObject({ version: 2, status: 'PENDING_PAYMENT' });
    });
  });

  describe('that may only write', () => {
    const ask = async (source: string): Promise<ExecutionResult> => {
      const { schema } = await buildSubgraph(schemaParts);
      return graphql({ schema, source, contextValue: partner('1', write) });
    };

    it('reads no patient and no appointment, not of its own either', async () => {
      const { id, patientId } = await bed.booked({}, 'partner-key:1');
      const asked = [
        '{ myPatients { id } }',
        `{ patient(id: "${patientId}") { id } }`,
        `{ appointment(id: "${id}") { id } }`,
        '{ appointments { edges { node { id } } } }',
      ];
      for (const source of asked) expect((await ask(source)).errors).toMatchObject([forbidden]);
      const entities = `{ _entities(representations: [{ __typename: "Appointment", id: "${id}" }]) { __typename } }`;
      expect((await ask(entities)).data).toEqual({ _entities: [null] });
      expect(await loadPatients(partner('1', write), [patientId])).toEqual([null]);
      expect(await loadPatients(partner('1', read), [patientId])).toMatchObject([{ id: patientId }]);
    });

    it('is told of no change', async () => {
      const { id } = await bed.booked({}, 'partner-key:1');
      const { schema } = await buildSubgraph(schemaParts);
      const document = parse(`subscription { appointmentChanged(appointmentId: "${id}") { version } }`);
      const told = await subscribe({ schema, document, contextValue: partner('1', write) });
      expect(told).toMatchObject({ errors: [forbidden] });
    });

    it('changes what it has booked, and does not learn of what others have', async () => {
      const own = await bed.booked({}, 'partner-key:1');
      expect(await cancelAppointment(partner('1', write), { appointmentId: own.id })).toMatchObject({
        id: own.id,
      });
      const pats = await bed.booked();
      expect(await cancelAppointment(partner('1', write), { appointmentId: pats.id })).toMatchObject({
        code: 'APPOINTMENT_NOT_FOUND',
      });
    });
  });

  it('that may read sees the appointments of its practice, whoever booked them, and their patients', async () => {
    const one = await bed.booked();
    const { schema } = await buildSubgraph(schemaParts);
    const source = '{ appointments { edges { node { id patient { id } history { type } } } } }';
    const seen = async (...scopes: string[]): Promise<unknown> =>
      (await graphql({ schema, source, contextValue: partner('1', ...scopes) })).data;
    const node = { id: one.id, patient: { id: one.patientId }, history: null };
    expect(await seen(read)).toEqual({ appointments: { edges: [{ node }] } });
    await bed.fresh();
    await bed.booked();
    expect(await seen(read)).toEqual({ appointments: { edges: [{ node }] } });
  });

  it('that reads and writes changes nothing that people have booked themselves', async () => {
    const { id: appointmentId, patientId } = await bed.confirmed();
    const both = (): Deps => partner('1', read, write);
    const offer = bed.signed({ start: bed.at(72) });
    const asked = [
      () => cancelAppointment(both(), { appointmentId }),
      () => rescheduleAppointment(both(), { appointmentId, offer }),
      () => retryAppointmentPayment(both(), { appointmentId, ...card }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject(forbidden);
    expect(await updatePatientContact(both(), { patientId, country: 'US', lastName: 'X' })).toMatchObject({
      code: 'PATIENT_NOT_FOUND',
    });
    expect(await stored(appointmentId)).toMatchObject({ status: 'CONFIRMED', rescheduleCount: 0 });
  });

  describe('that takes the place of another', () => {
    it('moves and calls off what the first has booked, by the patient’s rules, under its own name', async () => {
      const { id: appointmentId } = await bed.confirmed({ start: bed.at(36) }, 'partner-key:1');
      const second = (): Deps => partner('2', write);
      const offer = bed.signed({ start: bed.at(26) });
      expect(await rescheduleAppointment(second(), { appointmentId, offer })).toMatchObject({
        rescheduleCount: 1,
      });
      bed.later(12 * 60);
      await cancelAppointment(second(), { appointmentId });
      // As a patient who comes 14 hours before: half goes back, where the practice would give all.
      expect(await stored(appointmentId)).toMatchObject({
        status: 'CANCELLED_PATIENT',
        refundBasisPoints: 5_000,
      });
      const trail = await bed.em().find(AuditEntry, { appointmentId, type: 'cancelled' });
      expect(trail).toMatchObject([{ actorType: 'patient', actorSub: 'partner-key:2' }]);
    });

    it('books for a patient of the first, and corrects his name', async () => {
      const patient = (await registerPatient(partner('1', write), registration())) as Patient;
      const hold = (await holdSlot(partner('2', write), { offer: bed.signed() })) as SlotHold;
      const input = { holdId: hold.id, patientId: patient.id, ...card };
      expect(await bookAppointment(partner('2', write), input)).toMatchObject({ status: 'PENDING_PAYMENT' });
      const named = { patientId: patient.id, country: 'US', lastName: 'Dale' };
      expect(await updatePatientContact(partner('2', write), named)).toMatchObject({ id: patient.id });
    });

    it('never answers for the practice', async () => {
      const { id: appointmentId } = await bed.booked({}, 'partner-key:1');
      const answers = [confirmAppointment, declineAppointment];
      for (const answer of answers)
        await expect(answer(partner('2', read, write), { appointmentId })).rejects.toMatchObject(forbidden);
    });
  });
});
