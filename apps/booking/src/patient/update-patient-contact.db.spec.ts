import type { Contact } from './patient.js';
import { Refusal } from '@caregraph/contracts';
import { BookingBed } from '../testing/booking-bed.js';
import { people } from '../testing/examples.js';
import { contactContext, Patient } from './patient.js';
import { updatePatientContact } from './update-patient-contact.js';

describe('correcting the contact of a patient', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const contactIn = (sealed: unknown, patientId: string): Contact =>
    JSON.parse(bed.asSystem().sealer.open(String(sealed), contactContext(patientId))) as Contact;
  const told = async (): Promise<{ version: number; contact: Contact; accounts: string[] }[]> =>
    (await bed.published('booking.patient-changed.v1')).map(({ data, subject }) => {
      const { version, contact, accounts } = data as { version: number; contact: string; accounts: string[] };
      return { version, contact: contactIn(contact, subject), accounts };
    });

  it('by his own people or the desk changes what is given, keeps the rest, and tells it sealed', async () => {
    const patientId = await bed.patientOf(people.pat);
    const email = 'Pat.New@Example.org';
    await updatePatientContact(bed.as(people.pat), { patientId, email, country: 'US' });
    await updatePatientContact(bed.asStaff(), {
      patientId,
      mobile: '207 555 0199',
      lastName: 'Li',
      country: 'US',
    });
    const [first, second, third] = await told();
    expect(first).toMatchObject({ version: 1, contact: { email: 'pat@example.org' } });
    expect(second).toMatchObject({
      version: 2,
      accounts: [people.pat],
      contact: { firstName: 'Pat', lastName: 'Lee', email: 'pat.new@example.org', mobile: '+12075550123' },
    });
    expect(third).toMatchObject({
      version: 3,
      contact: { lastName: 'Li', email: 'pat.new@example.org', mobile: '+12075550199' },
    });
    const stored = await bed.em().findOneOrFail(Patient, patientId);
    expect(contactIn(stored.contact, patientId)).toEqual(third?.contact);
    expect(stored.contact).not.toContain('example');
  });

  it('is refused to anybody else, who cannot tell the patient from one that never was', async () => {
    const patientId = await bed.patientOf(people.pat);
    const input = { patientId, email: 'sam@example.org', country: 'US' };
    const strangers = [
      bed.as(people.sam),
      bed.as('elsewhere', [{ practiceId: bed.typeId, role: 'admin' }]),
      bed.as(people.provider, [{ practiceId: bed.practiceId, role: 'provider' }]),
    ];
    for (const deps of strangers)
      expect(await updatePatientContact(deps, input)).toMatchObject({ code: 'PATIENT_NOT_FOUND' });
    const nobody = await updatePatientContact(bed.asStaff(), { ...input, patientId: bed.typeId });
    expect(nobody).toBeInstanceOf(Refusal);
    expect(await told()).toHaveLength(1);
  });

  it('is refused with a number that cannot be texted, by the name of the field (BK-099)', async () => {
    const patientId = await bed.patientOf(people.pat);
    const wrong = (): unknown =>
      updatePatientContact(bed.as(people.pat), { patientId, mobile: '12345', country: 'US' });
    expect(wrong).toThrow('mobile');
  });
});
