import { randomUUID } from 'node:crypto';
import { entriesAlone } from '@caregraph/jobs';
import { createLogger } from '@caregraph/runtime';
import type { AppointmentState } from '@caregraph/contracts';
import { SpecApp, until } from '../spec-app.js';
import { Story } from '../spec-story.js';
import { cron } from '../work.js';
import { PaymentAttempt } from './attempt.js';
import { watchHoldsJob } from './payment.jobs.js';
import { watchHolds } from './watch-holds.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(() => app.open(), 60_000);
afterAll(() => app.close());
beforeEach(() => app.startWorkers());
afterEach(() => app.stopWorkers());

const log = createLogger('payments', 'silent');
const hours = (count: number): number => count * 3_600_000;
/** One look, as if it were so many hours before the processor drops this hold. */
const lookBefore = async (appointment: AppointmentState, hoursBefore: number): Promise<void> => {
  const { heldUntil } = await app.payment(appointment);
  const now = new Date(heldUntil!.getTime() - hours(hoursBefore));
  await watchHolds(app.deps({ now }), entriesAlone(log), log);
};
const intentStatus = async (appointment: AppointmentState): Promise<string | undefined> =>
  (await story.intents(appointment)).at(-1)?.status;
const becomes = (appointment: AppointmentState, status: string): Promise<void> =>
  until(`the order to be ${status}`, async () => (await intentStatus(appointment)) === status);

describe('the hold monitor', () => {
  it('lets a hold that nobody will take go two hours before its end, once (GW-012, PY-020)', async () => {
    expect(cron.find(({ job }) => job === watchHoldsJob)?.cron).toBe('20 * * * *');
    const appointment = await story.held();
    await lookBefore(appointment, 3);
    expect((await app.payment(appointment)).status).toBe('HELD');
    await Promise.all([lookBefore(appointment, 2), lookBefore(appointment, 2)]);
    expect((await app.payment(appointment)).status).toBe('CANCELLED');
    await becomes(appointment, 'canceled');
    await lookBefore(appointment, 1);
    expect(await story.told(appointment)).toEqual(['held', 'hold-lapsed']);
    await story.tryCard(appointment, 'pm_card_mastercard', 2);
    await story.becomes(appointment, 'HELD');
  });

  it('captures before its end what should have been captured long ago', async () => {
    const appointment = await story.held();
    await app.stopWorkers();
    await story.confirm(appointment);
    // The job that was to take it has failed for good.
    await app.sql("delete from jobs.job_common where name = 'capture-payment'");
    await app.startWorkers();
    await lookBefore(appointment, 1.5);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
  });

  it('finds a hold that the processor has given up without a word', async () => {
    const appointment = await story.held();
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const [intent] = await story.intents(appointment);
    await story.processor(`/v1/payment_intents/${intent?.id ?? ''}/cancel`, 'POST');
    expect((await app.payment(appointment)).status).toBe('HELD');
    await lookBefore(appointment, 48);
    await story.becomes(appointment, 'CANCELLED');
    expect(await story.told(appointment)).toEqual(['held', 'hold-lapsed']);
    await app.control('/_sandbox/webhooks/release', {});
  });

  it('voids what the processor holds for an attempt that is over here', async () => {
    const appointment = await story.held();
    const { id } = await app.payment(appointment);
    // As if a restored backup had forgotten the hold, and the appointment had been called off then.
    await app.sql(
      `update payment set status = 'CANCELLED', goal = 'CLOSE', close_cause = 'PATIENT',
      refund_basis_points = 10000, version = version + 1 where id = ?`,
      [id],
    );
    await app.sql(`update payment_attempt set outcome = 'PENDING', reference = null where payment_id = ?`, [
      id,
    ]);
    await watchHolds(
      app.deps({ now: new Date(app.clock.now().getTime() + hours(2)) }),
      entriesAlone(log),
      log,
    );
    await becomes(appointment, 'canceled');
    expect((await app.payment(appointment)).status).toBe('CANCELLED');
  });

  it('goes on when one hold cannot be looked after (GW-018)', async () => {
    const [bad, good] = [await story.held(), await story.held()];
    const { id } = await app.payment(bad);
    // Its events cannot be made any more, and it comes first.
    await app.sql(
      `update payment set currency = 'xxx', held_until = held_until - interval '1 minute' where id = ?`,
      [id],
    );
    await lookBefore(good, 1);
    expect((await app.payment(bad)).status).toBe('HELD');
    expect((await app.payment(good)).status).toBe('CANCELLED');
    await app.sql('delete from payment_attempt where payment_id = ?', [id]);
    await app.sql('delete from payment where id = ?', [id]);
  });

  it('leaves alone what is held for nobody we know, and says so', async () => {
    const appointment = await story.held();
    const { id } = await app.payment(appointment);
    const lines: string[] = [];
    const loud = createLogger('payments', 'silent');
    loud.error = (({ paymentId }: { paymentId: string }, text: string) =>
      lines.push(`${paymentId}: ${text}`)) as unknown as typeof loud.error;
    await app.sql('delete from payment_attempt where payment_id = ?', [id]);
    await app.sql('delete from payment where id = ?', [id]);
    const deps = app.deps({ now: new Date(app.clock.now().getTime() + hours(2)), requestId: randomUUID() });
    await watchHolds(deps, entriesAlone(log), loud);
    expect(lines).toContain(`${id}: the processor holds money for a payment that does not exist`);
    expect(await intentStatus(appointment)).toBe('requires_capture');
    expect(await app.em.count(PaymentAttempt, { paymentId: id })).toBe(0);
  });
});
