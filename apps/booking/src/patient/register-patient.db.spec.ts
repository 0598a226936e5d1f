import { randomUUID } from 'node:crypto';
import { patientChanged } from '@caregraph/contracts';
import { BookingBed } from '../testing/booking-bed.js';
import { Patient } from './patient.js';
import { findPatient } from './patient-access.js';
import { registerPatient, type RegisterPatientInput } from './register-patient.js';

describe('registering a patient', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  afterAll(() => bed.close());

  const input = (over: Partial<RegisterPatientInput> = {}): RegisterPatientInput => ({
    practiceId: bed.practiceId,
    firstName: 'Pat',
    lastName: 'Canary-Lee',
    email: 'Pat@Example.org',
    mobile: '(207) 555-0123',
    country: 'US',
    language: 'en-US',
    textConsent: true,
    relation: 'SELF',
    ...over,
  });

  it('keeps name, mail and mobile sealed, on disk and in the event', async () => {
    const patient = (await registerPatient(bed.as('pat'), input())) as Patient;
    const rows = JSON.stringify(await bed.em().execute('select * from patient'));
    const events = await bed.published('booking.patient-changed.v1');
    expect(rows + JSON.stringify(events)).not.toMatch(/Canary|example\.org|5550123/i);
    expect(patientChanged.schema.parse(events[0]?.data)).toMatchObject({
      accounts: ['pat'],
      textConsent: true,
    });
    const contact = JSON.parse(
      bed.as('pat').sealer.open(patient.contact ?? '', `patient:${patient.id}:contact`),
    ) as object;
    expect(contact).toEqual({
      firstName: 'Pat',
      lastName: 'Canary-Lee',
      email: 'pat@example.org',
      mobile: '+12075550123',
    });
  });

  it('is refused without consent to texts, and without a practice (BK-098)', async () => {
    expect(await registerPatient(bed.as('pat'), input({ textConsent: false }))).toMatchObject({
      code: 'TEXT_CONSENT_REQUIRED',
    });
    const nowhere = input({ practiceId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0aff' });
    expect(await registerPatient(bed.as('pat'), nowhere)).toMatchObject({ code: 'PRACTICE_NOT_FOUND' });
  });

  it.each([
    ['mobile', { mobile: '12345' }],
    ['mobile', { mobile: '+49 30 901820' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['practiceId', { practiceId: 'nonsense' }],
  ])('names the field %s when it is wrong (BK-099)', async (field, over) => {
    const before = await bed.em().count(Patient);
    const attempt = async (): Promise<unknown> => registerPatient(bed.as('pat'), input(over));
    await expect(attempt()).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ field }] },
    });
    expect(await bed.em().count(Patient)).toBe(before);
  });

  it('registers one of eight who choose the same id at the same time, and refuses the others by its name', async () => {
    const id = randomUUID();
    const asked = Array.from({ length: 8 }, () => registerPatient(bed.as('pat'), input({ id })));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as object] : []));
    expect(refused).toHaveLength(7);
    for (const reason of refused)
      expect(reason).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'id' }] } });
  });

  it('shows a patient to his people and his practice, and to nobody else (I10)', async () => {
    const patient = (await registerPatient(bed.as('pat'), input())) as Patient;
    const seenBy = async ({ em, viewer }: ReturnType<BookingBed['as']>): Promise<boolean> =>
      (await findPatient(em, viewer, patient.id)) !== null;
    expect(await seenBy(bed.as('pat'))).toBe(true);
    expect(await seenBy(bed.asStaff())).toBe(true);
    expect(await seenBy(bed.as('sam'))).toBe(false);
    expect(
      await seenBy(bed.as('eve', [{ practiceId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0aff', role: 'admin' }])),
    ).toBe(false);
  });
});
