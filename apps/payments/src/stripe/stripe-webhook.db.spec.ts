import { Stripe } from 'stripe';
import type { AppointmentState } from '@caregraph/contracts';
import { newAppointment, SpecApp, until, webhookSecret } from '../spec-app.js';
import { Story } from '../spec-story.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
}, 60_000);
afterAll(() => app.close());

interface StripeEvent {
  id: string;
  type: string;
  data: { object: { id: string; metadata?: Record<string, string> } };
}

/** The sandbox's events of one appointment's order, the oldest first. */
async function eventsOf(appointment: AppointmentState): Promise<StripeEvent[]> {
  const { data } = await story.processor<{ data: StripeEvent[] }>('/v1/events?limit=100');
  return data
    .filter(({ data: { object } }) => object.metadata?.bookingId === appointment.appointmentId)
    .reverse();
}

/** All that could change: the payment, its attempts, the outbox. */
async function everything(appointment: AppointmentState): Promise<unknown> {
  const { id, version, status } = await app.payment(appointment);
  const attempts = await app.sql(
    'select number, outcome, updated_at from payment_attempt where payment_id = ?',
    [id],
  );
  return { version, status, attempts, told: await story.told(appointment) };
}

const idle = (): Promise<void> =>
  until('the jobs to end', async () => {
    const [row] = await app.sql<{ waiting: number }>(
      `select count(*)::int as waiting from jobs.job_common where state <= 'active' and start_after < now() + interval '1 minute' and name not in ('reconcile-payments', 'seal-anew')`,
    );
    return row?.waiting === 0;
  });

const post = async (body: string, signature?: string): Promise<number> => {
  const headers = {
    'content-type': 'application/json',
    ...(signature ? { 'stripe-signature': signature } : {}),
  };
  return (await fetch(app.webhookUrl, { method: 'POST', headers, body })).status;
};
const sign = (payload: string, secret = webhookSecret, offsetSeconds = 0): string =>
  Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    timestamp: Math.floor(Date.now() / 1_000) + offsetSeconds,
  });

describe("Stripe's webhook", () => {
  it('tells the state that an answer did not (PY-023)', async () => {
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_threeDSecure2Required');
    await story.becomes(appointment, 'ACTION_REQUIRED');
    const [intent] = await story.intents(appointment);
    await app.control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, {
      outcome: 'succeed',
    });
    await story.becomes(appointment, 'HELD');
  });

  it('delivered three times changes nothing twice (PY-023)', async () => {
    await app.control('/_sandbox/webhooks/stripe', { mode: 'thrice' });
    const appointment = await story.captured();
    await idle();
    const before = await everything(appointment);
    for (const { id } of await eventsOf(appointment)) {
      expect(await app.control(`/_sandbox/stripe/events/${id}/redeliver`, { times: 3 })).toEqual({
        statuses: [204, 204, 204],
      });
    }
    await idle();
    expect(await everything(appointment)).toEqual(before);
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
    await app.control('/_sandbox/webhooks/stripe', { mode: 'normal' });
  });

  it('delivered out of order, the last first, leads to the same end (PY-023)', async () => {
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const appointment = await story.captured();
    await story.cancel(appointment, 5_000);
    await story.becomes(appointment, 'PARTIALLY_REFUNDED');
    const before = await everything(appointment);
    await app.control('/_sandbox/webhooks/release', { vendor: 'stripe', order: 'last-to-first' });
    const ids = (await eventsOf(appointment))
      .filter(({ type }) => type.startsWith('payment_intent.'))
      .map(({ id }) => id);
    await until('all to be taken in', async () => {
      const rows = await app.sql('select 1 from processor_event where id = any(?::text[])', [
        `{${ids.join(',')}}`,
      ]);
      return rows.length === ids.length;
    });
    await idle();
    expect(await everything(appointment)).toEqual(before);
    expect(await story.told(appointment)).toEqual(['held', 'captured', 'refunded']);
  });

  it.each(['none', 'wrong', 'stale', 'future'])(
    'with the signature "%s" is refused, and nothing is kept of it (PY-023)',
    async (signature) => {
      const appointment = await story.held();
      const [event] = await eventsOf(appointment);
      await until(
        'it to be taken in',
        async () => (await app.sql('select 1 from processor_event where id = ?', [event?.id])).length === 1,
      );
      await app.sql('delete from processor_event where id = ? returning id', [event?.id]);
      expect(
        await app.control(`/_sandbox/stripe/events/${event?.id ?? ''}/redeliver`, { signature }),
      ).toEqual({ statuses: [400] });
      expect(await app.sql('select 1 from processor_event where id = ?', [event?.id])).toEqual([]);
    },
  );

  it('does not say why it refuses', async () => {
    const body = '{}';
    const headers = { 'content-type': 'application/json', 'stripe-signature': sign(body, 'whsec_other') };
    const response = await fetch(app.webhookUrl, { method: 'POST', headers, body });
    expect([response.status, await response.text()]).toEqual([400, '']);
  });

  it("of another system's order on the same account is answered and not kept", async () => {
    const body = JSON.stringify({
      id: 'evt_other',
      object: 'event',
      type: 'payment_intent.succeeded',
      data: {
        object: {
          id: 'pi_other',
          object: 'payment_intent',
          metadata: { paymentId: "'; drop table payment" },
        },
      },
    });
    expect(await post(body, sign(body))).toBe(204);
    expect(await app.sql(`select 1 from processor_event where id = 'evt_other'`)).toEqual([]);
  });
});
