import { Registry } from 'prom-client';
import { featureFlagChanged, type AppointmentState } from '@caregraph/contracts';
import { entriesAlone } from '@caregraph/jobs';
import { createLogger } from '@caregraph/runtime';
import { watchPayments } from '../metrics.js';
import { SpecApp, until } from '../spec-app.js';
import { Story } from '../spec-story.js';
import { capturePayment } from './capture-payment.js';
import { resumeCaptures } from './captures-disabled.js';
import { reconcilePayments } from './reconcile-payments.js';
import { watchHolds } from './watch-holds.js';

const app = new SpecApp();
const story = new Story(app);
const log = createLogger('payments', 'silent');
let version = 0;
beforeAll(() => app.open(), 60_000);
beforeEach(() => app.startWorkers());
afterEach(async () => {
  await disable(false);
  await app.stopWorkers();
});
afterAll(() => app.close());

/** The platform's event. */
const disable = (value: boolean): Promise<void> =>
  app.hear(
    featureFlagChanged.of({ flag: 'payment.disable_captures', version: ++version, value, providers: {} }),
  );
/** Every job that was planned for captures has run. */
const quiet = (): Promise<void> =>
  until('the captures to be looked at', async () => {
    const rows = await app.sql(
      `select 1 from jobs.job_common where name in ('capture-payment', 'resume-captures') and state in ('created', 'retry', 'active')`,
    );
    return rows.length === 0;
  });
const captureOrders = async (appointment: AppointmentState): Promise<number> => {
  const { id } = await app.payment(appointment);
  return (await app.sql('select 1 from processor_call where id like ?', [`capture_${id}%`])).length;
};
const capturesDue = async (): Promise<string | undefined> => {
  const registry = new Registry();
  watchPayments(registry, app.orm);
  return /caregraph_payment_captures_due (\d+)/.exec(await registry.metrics())?.[1];
};

describe('while captures are disabled', () => {
  it('what is due stays held and is asked of nobody; allowed again, it is taken at once (PY-022, GW-041)', async () => {
    const appointment = await story.held();
    await disable(true);
    await story.confirm(appointment);
    await quiet();
    expect(await app.payment(appointment)).toMatchObject({ status: 'HELD', goal: 'CAPTURE' });
    expect(await captureOrders(appointment)).toBe(0);
    expect(await capturesDue()).toBe('1');
    await disable(false);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
    expect((await story.intents(appointment)).map(({ status }) => status)).toEqual(['succeeded']);
    expect(await capturesDue()).toBe('0');
  });

  it('the part kept of a late cancellation waits, too', async () => {
    const appointment = await story.held();
    await disable(true);
    await story.cancel(appointment, 5_000);
    await quiet();
    expect(await app.payment(appointment)).toMatchObject({ status: 'HELD', goal: 'CLOSE' });
    expect(await capturesDue()).toBe('1');
    await disable(false);
    await story.becomes(appointment, 'CAPTURED');
    expect((await app.payment(appointment)).capturedAmountMinor).toBe(6_000);
  });

  it('holds, voids and refunds go on (PY-022)', async () => {
    const [captured, open] = [await story.captured(), await story.held()];
    await disable(true);
    await story.held();
    await story.cancel(open, 10_000);
    await story.becomes(open, 'CANCELLED');
    await story.cancel(captured, 10_000);
    await story.becomes(captured, 'REFUNDED');
  });

  it('the nets plan what waits again and again, and take nothing', async () => {
    const appointment = await story.held();
    await disable(true);
    await story.confirm(appointment);
    const later = app.deps({ now: new Date(app.clock.now().getTime() + 3_600_000) });
    await reconcilePayments(later, entriesAlone(log));
    await watchHolds(later, entriesAlone(log), log);
    await resumeCaptures(later, entriesAlone(log));
    await quiet();
    expect(await captureOrders(appointment)).toBe(0);
  });

  it('an end of it that nobody acted on is made up for by the next reconciliation', async () => {
    const appointment = await story.held();
    await disable(true);
    await story.confirm(appointment);
    await quiet();
    // The copy is right, but the job that was to take up what waited is gone.
    await app.sql(`update known_flag set value = 'false'`);
    await reconcilePayments(
      app.deps({ now: new Date(app.clock.now().getTime() + 3_600_000) }),
      entriesAlone(log),
    );
    await story.becomes(appointment, 'CAPTURED');
  });

  it('operators are told how many wait and until when, louder on the last day', async () => {
    const appointment = await story.held();
    await disable(true);
    await story.confirm(appointment);
    await quiet();
    const { id: paymentId, heldUntil } = await app.payment(appointment);
    const lines: string[] = [];
    const loud = createLogger('payments', 'silent');
    loud.warn = ((_what: object, text: string) => lines.push(`warn: ${text}`)) as unknown as typeof loud.warn;
    loud.error = ((_what: object, text: string) =>
      lines.push(`error: ${text}`)) as unknown as typeof loud.error;
    await capturePayment(app.deps(), { paymentId, attempt: 1 }, loud);
    const waits = 'captures are disabled: holds wait, and the first of them ends then';
    for (const hours of [48, 23]) {
      const now = new Date((heldUntil?.getTime() ?? 0) - hours * 3_600_000);
      await watchHolds(app.deps({ now }), entriesAlone(log), loud);
    }
    expect(lines).toEqual(
      expect.arrayContaining([
        'warn: captures are disabled: this one waits',
        `warn: ${waits}`,
        `error: ${waits}`,
      ]),
    );
  });
});
