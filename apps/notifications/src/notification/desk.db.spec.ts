// What the practice's side hears besides the course of an appointment: of requests that end soon, and of money that failed.
import { Case } from '../testing/case.js';
import { eventually, NotificationsBed } from '../testing/notifications-bed.js';
import { visibleOf } from './notification.type.js';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

describe('the practice', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  afterAll(() => bed.close());

  const mails = async ({ appointmentId }: Case): Promise<Mail[]> => {
    const ledger = `/_sandbox/ledger?appointmentId=${appointmentId}`;
    const { mails } = await bed.world.control<{ mails: (Mail & { content: { value: string }[] })[] }>(ledger);
    return mails.map(({ to, subject, content }) => ({ to, subject, text: content[0]?.value ?? '' }));
  };
  const settled = async (one: Case, cause: string): Promise<string[]> => {
    const rows = (await bed.notifications(one.appointmentId)).filter((row) => row.cause === cause);
    return rows
      .map(({ recipient, status, reason }) => [recipient, status, reason ?? ''].join(' ').trim())
      .sort();
  };
  const desk = (one: Case, email: string | null): Promise<void> =>
    bed.hear('scheduling.practice-changed.v1', {
      practiceId: one.practiceId,
      version: 2,
      timeZone: 'America/Chicago',
      email: email && bed.seal(email, `practice:${one.practiceId}:email`),
    });

  it('is told at its desk, too, that a payment failed, in its own zone, once (Y-33)', async () => {
    const one = await Case.open(bed);
    await desk(one, 'desk@practice.test');
    await one.confirmed();
    await one.payment('capture-failed', { version: 5 });
    await one.payment('capture-failed', { version: 5 });
    const told = ['PATIENT DELIVERED', 'STAFF DELIVERED'];
    await eventually(async () => {
      expect(await settled(one, 'payment-capture-failed')).toEqual(told);
    });
    const [mail, ...more] = (await mails(one)).filter(({ to }) => to === 'desk@practice.test');
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Payment failed: CG-\S+ is confirmed and unpaid$/);
    expect(mail?.text).toMatch(/C[SD]T/);
    expect(mail?.text).toContain(`/desk/appointments/${one.appointmentId}`);
    expect(mail?.text).not.toContain('Pat');
  });

  it('without an address at its desk is told nothing, which is seen', async () => {
    const one = await Case.open(bed);
    await desk(one, null);
    await one.confirmed();
    await one.payment('capture-failed', { version: 5 });
    await eventually(async () => {
      expect(await settled(one, 'payment-capture-failed')).toContain('STAFF SKIPPED NO_ADDRESS');
    });
  });

  it('sees what went to its desk, and the patient does not', async () => {
    const one = await Case.open(bed);
    await desk(one, 'desk@practice.test');
    await one.confirmed();
    await one.payment('capture-failed', { version: 5 });
    const rows = await bed.notifications(one.appointmentId);
    const seenBy = async (account: string, role?: 'staff'): Promise<string[]> => {
      const { viewer } = bed.as(account, role ? [{ practiceId: one.practiceId, role }] : []);
      return (await visibleOf(bed.em(), viewer, rows)).map(({ recipient }) => recipient);
    };
    expect(await seenBy('desk', 'staff')).toContain('STAFF');
    expect(await seenBy(one.account)).not.toContain('STAFF');
    expect(await seenBy(one.account)).toContain('PATIENT');
  });

  it('is warned once of a request that ends soon, and not when it was answered meanwhile (NT-054)', async () => {
    const one = await Case.open(bed, { mode: 'REQUEST' });
    const confirmationDeadlineAt = one.inHours(3.5).toISOString();
    await one.booking('awaiting-provider', 'PENDING_CONFIRMATION', { confirmationDeadlineAt });
    await one.booking('expiry-neared', 'PENDING_CONFIRMATION', { confirmationDeadlineAt });
    await one.booking('expiry-neared', 'PENDING_CONFIRMATION', { confirmationDeadlineAt });
    await eventually(async () => {
      expect(await settled(one, 'appointment-expiry-neared')).toEqual(['PROVIDER DELIVERED']);
    });
    const warning = (await mails(one)).find(({ subject }) => subject.startsWith('Request about to expire'));
    expect(warning).toMatchObject({ to: one.providerAddress });
    expect(warning?.text).toMatch(/Please confirm or decline it before .* E[SD]T; after that it expires/);

    await bed.stopWork();
    const answered = await Case.open(bed, { mode: 'REQUEST' });
    await answered.booking('awaiting-provider', 'PENDING_CONFIRMATION', { confirmationDeadlineAt });
    await answered.booking('expiry-neared', 'PENDING_CONFIRMATION', { confirmationDeadlineAt });
    await answered.confirmed();
    await bed.startWork();
    await eventually(async () => {
      expect(await settled(answered, 'appointment-expiry-neared')).toEqual(['PROVIDER SKIPPED OVERTAKEN']);
    });
  });
});
