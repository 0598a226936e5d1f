import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Stripe } from 'stripe';
import {
  controlAt,
  demoUsers,
  hold,
  refusalOf,
  startReceiver,
  stripeAt,
  stripeWebhookSecret,
  until,
  type Control,
  type Receiver,
} from './test-bed.js';

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));
const label = { appointment_id: 'a-1' };
/** Starting the program takes seconds where many things run at once. */
const patienceMs = 90_000;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly stripe: Stripe;
  readonly control: Control;
  readonly issuer: string;
}

/** The program itself, as a process of its own; answers when its log says on which port it stands. */
async function startProgram(environment: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'apps/sandbox/src/main.ts'], {
    cwd: projectFolder,
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port === undefined) continue;
    const url = `http://127.0.0.1:${port}`;
    return { child, port, stripe: stripeAt(port), control: controlAt(url), issuer: `${url}/identity` };
  }
  throw new Error('The sandbox ended before it stood.');
}

async function killed({ child }: Running): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

const ledgerOf = ({ control }: Running, appointmentId = 'a-1'): Promise<object> =>
  control('GET', `/_sandbox/ledger?appointmentId=${appointmentId}`);

const unheard = { ...hold, metadata: { appointment_id: 'a-2' } };

/** A hold whose answer never arrives. Through fetch, as the SDK's own client asks once more when it is reset. */
async function holdUnheard({ port, control }: Running): Promise<void> {
  const fault = { path: '/v1/payment_intents', kind: 'reset-after-effect' };
  await control('POST', '/_sandbox/faults', fault);
  const stripe = stripeAt(port, { httpClient: Stripe.createFetchHttpClient() });
  const lost = await refusalOf(stripe.paymentIntents.create(unheard, { idempotencyKey: 'unheard' }));
  expect(lost.type).toBe('StripeConnectionError');
}

/** A customer whose request is on its way while the sandbox writes what others did. */
async function customerSlowly({ stripe, control }: Running): Promise<Stripe.Customer> {
  await control('POST', '/_sandbox/faults', { path: '/v1/customers', kind: 'delay', delayMs: 300 });
  const slow = stripe.customers.create({ email: 'ann@example.com' }, { idempotencyKey: 'slow' });
  const struck = async (): Promise<boolean> =>
    JSON.stringify(await control('GET', '/_sandbox/faults')).includes('"struck":1');
  await until('the request has begun', struck);
  return slow;
}

/** What the product knows when the sandbox is killed. */
async function live(world: Running) {
  const { stripe, control } = world;
  await control('POST', '/_sandbox/webhooks/stripe', { mode: 'hold' });
  await stripe.paymentIntents.create({ ...hold, metadata: { appointment_id: 'a-3' } });
  await control('POST', '/_sandbox/clock/advance', { days: 8 });
  const customer = await customerSlowly(world);
  const { id: card } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const ofAnn = { ...hold, customer: customer.id, payment_method: card, metadata: label };
  const held = await stripe.paymentIntents.create(ofAnn, { idempotencyKey: 'hold' });
  const { id: taken } = await stripe.paymentIntents.create(ofAnn);
  await stripe.paymentIntents.capture(taken, { amount_to_capture: 8_000 });
  await stripe.refunds.create({ payment_intent: taken, amount: 3_000 });

  const pending = { ...hold, payment_method: 'pm_card_pendingRefund', capture_method: 'automatic' } as const;
  const { id: paid } = await stripe.paymentIntents.create(pending);
  const refund = await stripe.refunds.create({ payment_intent: paid });

  await mail(world);
  const token = await control('POST', '/demo/token', { login: 'admin' });
  await control('POST', '/demo/keys/rotate', {});
  return { customer, ofAnn, held, refund, token: String(token.access_token) };
}

async function mail({ port }: Running): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/v3/mail/send`, {
    method: 'POST',
    headers: { authorization: 'Bearer SG.spec.key', 'content-type': 'application/json' },
    body: JSON.stringify({
      personalizations: [{ to: [{ email: 'ann@example.com' }], custom_args: label }],
      from: { email: 'clinic@example.com' },
      subject: 'Your appointment',
      content: [{ type: 'text/plain', value: 'Tomorrow at ten.' }],
    }),
  });
  expect(response.status).toBe(202);
}

describe('a sandbox that is killed and started again on the same folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caregraph-sandbox-'));
  let receiver: Receiver;
  let world: Running;
  let before: Awaited<ReturnType<typeof live>> &
    Record<'ledger' | 'clock' | 'publicKey', object> & {
      events: string[];
    };

  beforeAll(async () => {
    receiver = await startReceiver();
    const usersFile = join(folder, 'users.json');
    writeFileSync(usersFile, JSON.stringify(demoUsers));
    const environment = {
      SANDBOX_STATE_DIR: join(folder, 'state'),
      SANDBOX_USERS_FILE: usersFile,
      STRIPE_WEBHOOK_URL: receiver.url,
      STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
    };
    world = await startProgram({ ...environment, PORT: '0' });
    const eventIds = async () => (await world.stripe.events.list({ limit: 100 })).data.map(({ id }) => id);
    before = {
      ...(await live(world)),
      ledger: await ledgerOf(world),
      clock: await world.control('GET', '/_sandbox/clock'),
      publicKey: await world.control('GET', '/_sandbox/sendgrid-public-key'),
      events: await eventIds(),
    };
    expect(receiver.received).toEqual([]);
    // Last, so that no later answer has it written.
    await holdUnheard(world);
    await killed(world);
    world = await startProgram({ ...environment, PORT: String(world.port) });
  }, patienceMs);
  afterAll(async () => {
    await killed(world);
    receiver.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps the same books and the same time', async () => {
    expect(before.ledger).toMatchObject({
      counts: { paymentIntents: 2, refunds: 1, mails: 1 },
      totals: { heldMinor: 10_000, capturedMinor: 8_000, refundedMinor: 3_000 },
    });
    expect(await ledgerOf(world)).toEqual(before.ledger);
    expect(before.clock).toEqual({ offsetMs: 8 * 86_400_000 });
    expect(await world.control('GET', '/_sandbox/clock')).toEqual(before.clock);
  });

  it('signs with the keys that are known, and tokens of before are valid', async () => {
    const keys = createRemoteJWKSet(new URL(`${world.issuer}/jwks`));
    const options = { issuer: world.issuer, audience: 'caregraph' };
    const { payload } = await jwtVerify(before.token, keys, options);
    expect(payload.sub).toBe('user-admin');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 3_600);
    expect(await world.control('GET', '/_sandbox/sendgrid-public-key')).toEqual(before.publicKey);
  });

  it('tells what it had not told yet, first to last, and counts it as told', async () => {
    const { stripe } = world;
    const told = (): Stripe.Event[] => receiver.received.map(({ body }) => JSON.parse(body) as Stripe.Event);
    await until('the pending refund settles', () => told().some(({ type }) => type === 'refund.updated'));
    const ids = told().map(({ id }) => id);
    expect(ids.slice(0, before.events.length)).toEqual(before.events.toReversed());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { headers, body } of receiver.received) {
      Stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), stripeWebhookSecret);
    }
    expect((await stripe.refunds.retrieve(before.refund.id)).status).toBe('succeeded');
    const untold = (): Promise<number> =>
      stripe.events.list({ limit: 100, delivery_success: false }).then(({ data }) => data.length);
    await until('all events count as told', async () => (await untold()) === 0);
  });

  it('does not let a hold lapse that has lapsed before', async () => {
    const expired = await world.stripe.events.list({ limit: 100, type: 'charge.expired' });
    expect(expired.data).toHaveLength(1);
    expect(await ledgerOf(world, 'a-3')).toMatchObject({
      paymentIntents: [{ status: 'canceled', cancellationReason: 'automatic' }],
    });
  });

  it('answers an old idempotency key with the old answer, also when nobody had heard it', async () => {
    const { stripe } = world;
    const again = await stripe.paymentIntents.create(before.ofAnn, { idempotencyKey: 'hold' });
    expect(again.id).toBe(before.held.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    const email = before.customer.email ?? '';
    const slow = await stripe.customers.create({ email }, { idempotencyKey: 'slow' });
    expect(slow.id).toBe(before.customer.id);
    expect(await ledgerOf(world)).toMatchObject({ counts: { paymentIntents: 2 } });
    expect(await ledgerOf(world, 'a-2')).toMatchObject({ counts: { paymentIntents: 1 } });
    const heard = await stripe.paymentIntents.create(unheard, { idempotencyKey: 'unheard' });
    expect(heard.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await ledgerOf(world, 'a-2')).toMatchObject({ paymentIntents: [{ id: heard.id }] });
  });

  it('captures a hold that was placed before', async () => {
    const captured = await world.stripe.paymentIntents.capture(before.held.id);
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 10_000 });
    expect(await ledgerOf(world)).toMatchObject({
      totals: { heldMinor: 0, capturedMinor: 18_000, refundedMinor: 3_000 },
    });
  });

  it('knows whose card is whose, and lets a hold of before lapse in its time', async () => {
    const { stripe, control } = world;
    const next = await stripe.paymentIntents.create(before.ofAnn);
    expect(next).toMatchObject({ status: 'requires_capture', customer: before.customer.id });
    await control('POST', '/_sandbox/clock/advance', { days: 8 });
    expect((await stripe.paymentIntents.retrieve(next.id)).status).toBe('canceled');
    expect(await ledgerOf(world, 'a-2')).toMatchObject({
      paymentIntents: [{ status: 'canceled', cancellationReason: 'automatic', heldMinor: 0 }],
    });
  });
});
