import { randomUUID } from 'node:crypto';
import { NotificationsBed } from '../testing/notifications-bed.js';
import { KnownPatient } from './known.js';

describe('the copy of a patient', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
  });
  afterAll(() => bed.close());

  const id = randomUUID();
  const hear = (version: number, contact: string): Promise<void> =>
    bed.hear('booking.patient-changed.v1', { patientId: id, version, contact, erased: false });
  const contact = async (): Promise<string | null> =>
    (await bed.em().findOneOrFail(KnownPatient, { id })).contact ?? null;

  it('takes what is said again in the same version, sealed with a newer key, and nothing older', async () => {
    const sealed = (text: string): string => bed.seal(text, `patient:${id}:contact`);
    const [first, again, older] = [sealed('{}'), sealed('{}'), sealed('{}')];
    await hear(2, first);
    expect(await contact()).toBe(first);
    await hear(2, again);
    expect(await contact()).toBe(again);
    await hear(1, older);
    expect(await contact()).toBe(again);
  });
});
