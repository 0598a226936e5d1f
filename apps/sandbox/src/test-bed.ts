// For the specs: a sandbox of their own on a free port, the real SDKs pointed at it, and a receiver of webhooks.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@caregraph/runtime';
import { Stripe } from 'stripe';
import { readSandboxConfig } from './config.js';
import { startSandbox, type Sandbox } from './sandbox.js';

export const stripeWebhookSecret = 'whsec_spec';
const practiceId = '7a1b9f52-3f55-5b64-8c05-6c3e0c9c0a51';
export const demoUsers = [
  { login: 'ann', sub: 'user-ann', name: 'Ann Archer', email: 'ann@example.com' },
  {
    login: 'admin',
    sub: 'user-admin',
    name: 'Ada Admin',
    email: 'ada@example.com',
    memberships: [{ practiceId, role: 'admin' }],
    scopes: ['reports:read', 'appointments:read'],
  },
];

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How many of the next webhooks are answered with 500. */
  refuse: number;
  close(): void;
}

/** Calls a control; answers its JSON. Throws when it is refused. */
export type Control = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<Record<string, unknown>>;

export interface TestBed {
  readonly sandbox: Sandbox;
  readonly receiver: Receiver;
  readonly stripe: Stripe;
  stripeWith(options: Partial<Stripe.StripeConfig>): Stripe;
  readonly control: Control;
  /** The events that arrived at the receiver so far. */
  events(): Stripe.Event[];
  close(): Promise<void>;
}

export async function startTestBed(): Promise<TestBed> {
  const receiver = await startReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'caregraph-sandbox-'));
  const usersFile = join(folder, 'users.json');
  writeFileSync(usersFile, JSON.stringify(demoUsers));
  const config = readSandboxConfig({
    NODE_ENV: 'test',
    PORT: '0',
    SANDBOX_USERS_FILE: usersFile,
    STRIPE_WEBHOOK_URL: `${receiver.url}/stripe`,
    STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
    SENDGRID_WEBHOOK_URL: `${receiver.url}/sendgrid`,
  });
  const sandbox = await startSandbox(config, createLogger('sandbox', 'silent'));
  const stripeWith = (options: Partial<Stripe.StripeConfig>): Stripe => stripeAt(sandbox.port, options);
  return {
    sandbox,
    receiver,
    stripe: stripeWith({}),
    stripeWith,
    control: controlAt(sandbox.url),
    events: () => receiver.received.map(({ body }) => JSON.parse(body) as Stripe.Event),
    close: async () => {
      await sandbox.close();
      receiver.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The real SDK, pointed at a sandbox of this machine. */
export const stripeAt = (port: number, options: Partial<Stripe.StripeConfig> = {}): Stripe =>
  new Stripe('sk_test_spec', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...options,
  });

export const controlAt =
  (url: string): Control =>
  async (method, path, body) => {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const refused = receiver.refuse > 0;
      if (refused) receiver.refuse -= 1;
      else receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(refused ? 500 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    refuse: 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

/** Asks until the answer is true; throws after five seconds. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 5_000;
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${what}`);
    await sleep(10);
  }
}

/** What a call was refused with. Throws when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was not refused.');
}

/** A hold of 100.00 as the product makes it. */
export const hold = {
  amount: 10_000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  capture_method: 'manual',
  confirm: true,
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
} as const satisfies Stripe.PaymentIntentCreateParams;
