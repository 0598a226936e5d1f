// What the database specs of notifications stand on: the whole app but for the event transport, on a database of its
// own, with the sandbox as the outside world. Events are handed to the consumers directly, as often as a spec likes.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { catalogue, type EventEnvelope } from '@caregraph/contracts';
import { migrateJobs, startJobs, type Jobs } from '@caregraph/jobs';
import {
  clockOf,
  createLogger,
  createMetrics,
  createSealer,
  gracefulShutdown,
  migrateDatabase,
  openDatabase,
  systemViewer,
  type Membership,
  type StoppableClock,
} from '@caregraph/runtime';
import { startSubgraph } from '@caregraph/subgraph';
import { suiteDatabase } from '@caregraph/testing';
import { consumers } from '../consumers.js';
import { databaseParts } from '../database.js';
import type { Deps } from '../deps.js';
import { Notification } from '../notification/notification.js';
import type { Sending } from '../notification/send.js';
import { schemaParts } from '../schema.js';
import { openSendGrid } from '../sendgrid/sendgrid.js';
import { sendGridWebhook } from '../sendgrid/webhook.js';
import { addressHasher } from '../suppression/address-hash.js';
import { loadTemplates } from '../template/templates.js';
import { jobs, work } from '../work.js';
import { freePort, startWorld, type World } from './world.js';

export const viewerKeys = [{ kid: 'v1', secret: 'a-viewer-secret-of-at-least-32-characters' }];

const log = createLogger('notifications', 'silent');
const strangersKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
const sealingKeys = [{ kid: 'test', secret: randomBytes(32).toString('base64') }];
const blindIndexKeys = [{ kid: 'test', secret: randomBytes(32).toString('base64') }];
const own = { sealer: createSealer(sealingKeys), addressHash: addressHasher(blindIndexKeys) };

interface Parts {
  readonly orm: MikroORM;
  readonly clock: StoppableClock;
  readonly world: World;
  readonly url: string;
  readonly sending: (em: EntityManager, now: Date) => Sending;
  readonly databaseUrl: string;
  readonly close: () => Promise<void>;
}

export class NotificationsBed {
  private jobs: Jobs | undefined;
  private constructor(private readonly parts: Parts) {}

  static async open(): Promise<NotificationsBed> {
    const port = await freePort();
    const url = `http://127.0.0.1:${String(port)}`;
    const world = await startWorld(`${url}/webhooks/sendgrid`);
    const database = await suiteDatabase('notifications');
    await migrateDatabase(database.ownerUrl, databaseParts);
    await migrateJobs(database.ownerUrl, jobs);
    const orm = await openDatabase(database.url, databaseParts);
    const clock = await clockOf({ ALLOW_SANDBOX: true, SANDBOX_URL: world.url }, log);
    const closing = gracefulShutdown(log);
    await startSubgraph({
      ...schemaParts,
      name: 'notifications',
      config: { HOST: '127.0.0.1', PORT: port, NODE_ENV: 'test', VIEWER_KEYS: viewerKeys },
      ...{ orm, clock, log, closing },
      probes: { checks: {}, metrics: createMetrics('notifications') },
      deps: (request) => ({ ...request, ...own }),
      routes: (server) => {
        const now = () => clock.now();
        const em = () => orm.em.fork();
        sendGridWebhook(server, {
          // As while SendGrid's key changes: the one that signs is not the first.
          keys: [strangersKey, world.publicKey],
          realNow: () => Date.now(),
          now,
          em,
          tell: () => undefined,
          log,
        });
      },
    });
    const from = 'Caregraph <no-reply@caregraph.example>';
    const sendMail = openSendGrid({ apiKey: 'SG.test.key', apiBase: world.url, from, timeoutMs: 2_000 });
    const writer = { templates: loadTemplates(), publicWebUrl: 'https://app.caregraph.example' };
    return new NotificationsBed({
      ...{ orm, clock, world, url, databaseUrl: database.url },
      sending: (em, now) => ({ ...asSystem(em, now), writer, sendMail, tell: () => undefined }),
      close: async () => {
        await closing.close();
        clock.stop();
        await orm.close();
        await database.drop();
        await world.stop();
      },
    });
  }

  get world(): World {
    return this.parts.world;
  }

  /** Where the app listens. */
  get url(): string {
    return this.parts.url;
  }

  get now(): Date {
    return this.parts.clock.now();
  }

  /** Resolves when the app's clock, which follows the sandbox's, has that offset. */
  async follows({ offsetMs }: { readonly offsetMs: number }): Promise<void> {
    await eventually(() => {
      expect(Math.abs(this.now.getTime() - Date.now() - offsetMs)).toBeLessThan(1_000);
      return Promise.resolve();
    });
  }

  em = (): EntityManager => this.parts.orm.em.fork();

  /** Starts the workers; before it nothing is sent. */
  async startWork(): Promise<void> {
    const { databaseUrl: url, clock, orm, sending } = this.parts;
    this.jobs ??= await startJobs({
      url,
      work: work(({ now }) => sending(orm.em.fork(), now), log),
      clock,
      log,
    });
  }

  async stopWork(): Promise<void> {
    await this.jobs?.stop();
    this.jobs = undefined;
  }

  async close(): Promise<void> {
    await this.stopWork();
    await this.parts.close();
  }

  /** As jobs send, at once. */
  sending = (): Sending => this.parts.sending(this.em(), this.now);

  /** The dependencies of one call by this person. */
  as(account: string | null, memberships: Membership[] = []): Deps {
    return {
      ...asSystem(this.em(), this.now),
      viewer: { ...systemViewer, account, memberships, requestId: randomUUID() },
    };
  }

  /** Hands the contract's example event, with other data, to its consumer. */
  async hear(type: string, over: object): Promise<void> {
    const definition = catalogue.get(type);
    const consumer = consumers.find((each) => each.type === type);
    if (!definition || !consumer) throw new Error(`Nobody consumes ${type}.`);
    const envelope = { type, data: { ...(definition.example as object), ...over } } as EventEnvelope;
    await this.em().transactional((em) => consumer.prepare(envelope)(asSystem(em, this.now)));
  }

  /** The notifications of an appointment, the oldest first. */
  notifications = (appointmentId: string): Promise<Notification[]> =>
    this.em().find(Notification, { appointmentId }, { orderBy: { createdAt: 'asc', recipient: 'asc' } });

  /** What was published about an appointment, in order: type and data. */
  published = (appointmentId: string): Promise<{ type: string; data: Record<string, unknown> }[]> =>
    this.em().execute(`select type, payload->'data' as data from outbox where aggregateid = ? order by seq`, [
      appointmentId,
    ]);

  seal = (value: string, context: string): string => own.sealer.seal(value, context);
}

const asSystem = (em: EntityManager, now: Date): Deps => ({
  ...own,
  em,
  viewer: systemViewer,
  now,
  requestId: 'spec',
});

/** Waits for the observable outcome, and says what was seen instead when it does not come. */
export async function eventually(assertion: () => Promise<void>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
