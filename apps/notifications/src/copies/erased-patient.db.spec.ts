import { eventually } from '@caregraph/testing';
import { Case } from '../testing/case.js';
import { NotificationsBed } from '../testing/notifications-bed.js';

describe('a patient who was erased (GW-035)', () => {
  let bed: NotificationsBed;
  let one: Case;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  beforeEach(async () => {
    one = await Case.open(bed);
    await one.confirmed({ paymentMode: 'AT_VISIT' });
    await eventually('the mails are sent', async () => {
      const sent = await rows(
        `select 1 from notification where appointment_id = ? and status <> 'QUEUED'`,
        one.appointmentId,
      );
      return sent.length >= 2 ? true : undefined;
    });
    const { patientId, practiceId } = one;
    await bed.hear('booking.patient-erased.v1', { patientId, practiceId, version: 2 });
  });
  afterAll(() => bed.close());

  const rows = <Row>(sql: string, id: string): Promise<Row[]> => bed.em().execute(sql, [id]);
  const contact = async (): Promise<unknown> =>
    (await rows<{ contact: unknown }>('select contact from known_patient where id = ?', one.patientId))[0]
      ?.contact;
  const accounts = async (): Promise<unknown> =>
    (
      await rows<{ accounts: unknown }>(
        'select accounts from appointment_access where appointment_id = ?',
        one.appointmentId,
      )
    )[0]?.accounts;

  it('leaves no contact, no login and no trace of his address on what was sent to him', async () => {
    expect(await contact()).toBeNull();
    expect(await accounts()).toEqual([]);
    const sent = await rows<{ recipient: string; traces: number }>(
      `select recipient, num_nonnulls(address_hash, vendor_message_id) as traces from notification where appointment_id = ?
       order by recipient`,
      one.appointmentId,
    );
    expect(sent).toEqual([
      { recipient: 'PATIENT', traces: 0 },
      { recipient: 'PROVIDER', traces: 2 },
    ]);
  });

  it('is not brought back by events of before, however late they come', async () => {
    await one.patient();
    expect(await contact()).toBeNull();
    await one.booking('updated', 'CONFIRMED', { accounts: [one.account] });
    expect(await accounts()).toEqual([]);
  });

  it('is known as erased also where nothing was known of him', async () => {
    const { practiceId } = one;
    const patientId = '0d6f6a4b-1a01-4f43-9c35-0b7a9d7e6d0e';
    await bed.hear('booking.patient-erased.v1', { patientId, practiceId, version: 2 });
    await bed.hear('booking.patient-changed.v1', { patientId, practiceId, version: 1 });
    expect(await rows('select contact, version from known_patient where id = ?', patientId)).toEqual([
      { contact: null, version: 2 },
    ]);
  });
});
