// What the specs of payments stand on: its own database and jobs, and the sandbox as the processor, in a process of its
// own. Controls of the sandbox are named by the specs alone.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance } from 'fastify';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import {
  envelope,
  exampleAppointmentState,
  type AppointmentState,
  type DomainEvent,
} from '@caregraph/contracts';
import { migrateJobs, startJobs, type Jobs } from '@caregraph/jobs';
import {
  createLogger,
  createSealer,
  followSandboxClock,
  migrateDatabase,
  openDatabase,
  systemViewer,
  type StoppableClock,
} from '@caregraph/runtime';
import { freePort, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { Payment } from './payment/payment.js';
import { stripeClient } from './stripe/stripe-client.js';
import { stripeProcessor } from './stripe/stripe-processor.js';
import { stripeWebhook } from './stripe/stripe-webhook.js';
import { cron, jobs, paymentWork } from './work.js';

export const webhookSecret = 'whsec_spec';
const log = createLogger('payments', 'silent');

/** One line of the outbox. */
export interface Published {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export class SpecApp {
  database!: SuiteDatabase;
  orm!: MikroORM;
  clock!: StoppableClock;
  sandboxUrl!: string;
  webhookUrl!: string;
  private sandbox!: ChildProcess;
  private server!: FastifyInstance;
  private readonly workers: Jobs[] = [];
  private own!: Pick<Deps, 'processor' | 'sealer' | 'publishableKey'>;

  async open(): Promise<void> {
    this.database = await suiteDatabase('payments');
    await migrateDatabase(this.database.ownerUrl, databaseParts);
    await migrateJobs(this.database.ownerUrl, jobs);
    this.orm = await openDatabase(this.database.url, databaseParts);
    await this.receiveWebhooks();
    await this.startSandbox();
    this.clock = await followSandboxClock(this.sandboxUrl, log);
    const client = stripeClient({ STRIPE_SECRET_KEY: 'sk_test_spec', STRIPE_API_BASE: this.sandboxUrl });
    this.own = {
      processor: stripeProcessor(client),
      sealer: createSealer([{ kid: 'spec', secret: Buffer.alloc(32, 7).toString('base64') }]),
      publishableKey: 'pk_test_spec',
    };
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    this.clock.stop();
    this.sandbox.kill('SIGTERM');
    await this.server.close();
    await this.orm.close();
    await this.database.drop();
  }

  /** One more process's worth of workers. */
  async startWorkers(): Promise<void> {
    const work = paymentWork(({ now }) => ({ ...this.deps(), now }), log);
    this.workers.push(await startJobs({ url: this.database.url, work, cron, clock: this.clock, log }));
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
  }

  deps(overrides: Partial<Deps> = {}): Deps {
    const request = { em: this.em, viewer: systemViewer, now: this.clock.now(), requestId: 'spec' };
    return { ...request, ...this.own, ...overrides };
  }

  get em(): EntityManager {
    return this.orm.em.fork();
  }

  /** Works an event off as the messaging does: in one transaction. */
  async hear(event: DomainEvent): Promise<void> {
    const found = consumers.find(({ type }) => type === event.type);
    if (!found) throw new Error(`Payments does not listen to ${event.type}.`);
    const now = this.clock.now();
    const run = found.prepare(envelope(event, { id: randomUUID(), source: 'spec', time: now }));
    await this.em.transactional((em) => run(this.deps({ em, now })));
  }

  async payment({ appointmentId }: Pick<AppointmentState, 'appointmentId'>): Promise<Payment> {
    return this.em.findOneOrFail(Payment, { appointmentId });
  }

  /** What was published of an appointment's payment, in order; without the app and the version. */
  async published({ appointmentId }: Pick<AppointmentState, 'appointmentId'>): Promise<Published[]> {
    const rows = await this.sql<{ type: string; payload: { data: Record<string, unknown> } }>(
      'select type, payload from outbox where aggregateid = ? order by seq',
      [appointmentId],
    );
    return rows.map(({ type, payload }) => ({
      type: type.replace(/^payments\.payment-|\.v1$/g, ''),
      data: payload.data,
    }));
  }

  sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.em.execute<Row[]>(text, parameters);
  }

  /** Calls a control of the sandbox; throws when it is refused. */
  async control<Answer = Record<string, unknown>>(
    path: string,
    body?: object,
    method = body ? 'POST' : 'GET',
  ): Promise<Answer> {
    const content = body
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {};
    const response = await fetch(new URL(path, this.sandboxUrl), { method, ...content });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  private async receiveWebhooks(): Promise<void> {
    this.server = fastify();
    this.server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    stripeWebhook(this.server, { secrets: [webhookSecret], em: () => this.em, now: () => this.clock.now() });
    this.webhookUrl = `${await this.server.listen({ host: '127.0.0.1', port: 0 })}/webhooks/stripe`;
  }

  private async startSandbox(): Promise<void> {
    const port = await freePort();
    this.sandboxUrl = `http://127.0.0.1:${port}`;
    const main = fileURLToPath(new URL('../../sandbox/src/main.ts', import.meta.url));
    this.sandbox = spawn(process.execPath, ['--import', 'tsx', main], {
      env: {
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: String(port),
        STRIPE_WEBHOOK_URL: this.webhookUrl,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const healthy = (): Promise<boolean> =>
      fetch(new URL('/healthz', this.sandboxUrl)).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the sandbox to start', healthy, 30_000);
  }
}

/** Asks until it is so; throws, naming what was waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > withinMs) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** An appointment of its own, as booking's events speak of it. */
export const newAppointment = (overrides: Partial<AppointmentState> = {}): AppointmentState => ({
  ...exampleAppointmentState,
  appointmentId: randomUUID(),
  patientId: randomUUID(),
  version: 1,
  ...overrides,
});
