import { Case } from '../testing/case.js';
import { NotificationsBed } from '../testing/notifications-bed.js';

describe('what others say again (`ops republish`)', () => {
  let bed: NotificationsBed;
  let one: Case;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
  });
  beforeEach(async () => {
    one = await Case.open(bed);
    await one.booking('confirmed', 'CONFIRMED', { version: 5 });
    await one.payment('captured', { version: 3 });
  });
  afterAll(() => bed.close());

  const tables = ['known_appointment', 'appointment_access', 'known_payment'] as const;
  const keyOf = { known_appointment: 'id', appointment_access: 'appointment_id', known_payment: 'id' };
  const copies = (): Promise<unknown[]> =>
    Promise.all(
      tables.map((table) =>
        bed.em().execute(`select * from ${table} where ${keyOf[table]} = ?`, [one.appointmentId]),
      ),
    );
  const lose = (table: (typeof tables)[number]): Promise<unknown> =>
    bed.em().execute(`delete from ${table} where ${keyOf[table]} = ?`, [one.appointmentId]);
  const said = async (): Promise<void> => {
    await one.booking('updated', 'CONFIRMED', { version: 5 });
    await one.payment('restated', { version: 3, status: 'CAPTURED', capturedAmountMinor: 12_000 });
  };

  it('brings lost rows back as they were, one lost or all, and sends nothing', async () => {
    const [before, sent] = [await copies(), await bed.notifications(one.appointmentId)];
    expect(sent.length).toBeGreaterThan(0);
    for (const lost of [tables.slice(0, 1), tables.slice(1, 2), tables.slice(2), tables]) {
      for (const table of lost) await lose(table);
      await said();
      expect(await copies()).toEqual(before);
    }
    expect(await bed.notifications(one.appointmentId)).toEqual(sent);
  });

  it('changes nothing where all is known', async () => {
    const before = await copies();
    await said();
    expect(await copies()).toEqual(before);
  });
});
