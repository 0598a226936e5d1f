import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { Registry } from 'prom-client';
import {
  featureFlagChanged,
  membershipChanged,
  partnerKeyChanged,
  envelope,
  sessionRevoked,
  type EventDefinition,
  type MembershipState,
} from '@caregraph/contracts';
import { migrateEventLog, postgresTransport } from '@caregraph/messaging';
import { createLogger } from '@caregraph/runtime';
import { eventually, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { closingOnDemand } from '../testing/closing-on-demand.js';
import { hashOfKey } from './partner-key.js';
import { startKnowledge, type StartedKnowledge } from './start-knowledge.js';

const log = createLogger('gateway', 'silent');
const practiceId = randomUUID();
const seconds = (): number => Math.floor(Date.now() / 1_000);

describe('what a gateway knows by its own database', () => {
  let database: SuiteDatabase;
  let events: SuiteDatabase;
  let transport: ReturnType<typeof postgresTransport>;
  const closings: ReturnType<typeof closingOnDemand>[] = [];

  const start = (changes: Partial<Record<'DATABASE_URL' | 'MIGRATION_DATABASE_URL', string>> = {}): StartedKnowledge => {
    const closing = closingOnDemand();
    closings.push(closing);
    const config = {
      DATABASE_URL: database.url,
      MIGRATION_DATABASE_URL: database.ownerUrl,
      EVENT_LOG_URL: events.url,
      KAFKA_TLS: false,
      KAFKA_SESSION_TIMEOUT_MS: 10_000,
      ...changes,
    };
    const pool = new pg.Pool({ connectionString: config.DATABASE_URL, connectionTimeoutMillis: 1_000, query_timeout: 2_000 });
    return startKnowledge({ config, pool, log, registry: new Registry(), closing });
  }; // prettier-ignore
  const ready = (started: StartedKnowledge): Promise<true> =>
    eventually('it is ready', () => started.ready().then(() => true as const));
  const say = async <Data>(definition: EventDefinition<string, Data>, data: Data): Promise<void> => {
    const event = definition.of(data);
    const told = envelope(event, { id: randomUUID(), source: 'platform', time: new Date() });
    await transport.append([{ topic: event.topic, key: event.key, envelope: told }]);
  }; // prettier-ignore
  const member = (account: string, changes: Partial<MembershipState> = {}): MembershipState => ({
    membershipId: randomUUID(),
    version: 1,
    account,
    practiceId,
    role: 'staff',
    active: true,
    ...changes,
  });

  beforeAll(async () => {
    [database, events] = await Promise.all([suiteDatabase('gateway'), suiteDatabase('gateway_log')]);
    await migrateEventLog(events.ownerUrl);
    transport = postgresTransport({ url: events.url, log });
  });
  afterEach(async () => {
    for (const closing of closings.splice(0)) await closing.close();
  });
  afterAll(async () => {
    await transport.close();
    await Promise.all([database.drop(), events.drop()]);
  });

  it('a new gateway is ready when it has worked off all that was ever said', async () => {
    await say(membershipChanged, member('early'));
    const started = start();
    await expect(started.ready()).rejects.toThrow('not worked off');
    await ready(started);
    expect(await started.known.membershipsOf('early')).toEqual([{ practiceId, role: 'staff' }]);
  });

  it('each replica hears of each change at once, whichever of them took the event', async () => {
    const [one, other] = [start(), start()];
    await Promise.all([ready(one), ready(other)]);
    const both = [one.known, other.known];
    const granted = member('changing');
    for (const known of both) expect(await known.membershipsOf('changing')).toEqual([]);
    const begun = performance.now();
    await say(membershipChanged, granted);
    for (const known of both)
      await eventually('he is staff', async () => (await known.membershipsOf('changing'))[0]);
    await say(membershipChanged, { ...granted, version: 2, active: false });
    for (const known of both)
      await eventually('he is not', async () => ((await known.membershipsOf('changing')).length === 0 ? true : undefined));
    await say(sessionRevoked, {
      revocationId: randomUUID(),
      account: 'changing',
      sessionId: 's1',
      issuedBefore: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
    });
    const token = { account: 'changing', sid: 's1', issuedAt: seconds() - 10 };
    for (const known of both) await eventually('it is revoked', () => (known.isRevoked(token) ? true : undefined));
    await say(featureFlagChanged, { flag: 'override.next', version: 1, value: true, providers: {} });
    for (const known of both) await eventually('it has moved', () => (known.isMoved('next') ? true : undefined));
    const key = `cg_${'k'.repeat(43)}`;
    const made = {
      partnerKeyId: randomUUID(),
      version: 1,
      practiceId,
      name: 'Intake forms',
      scopes: ['appointments:read'],
      hash: hashOfKey(key) ?? '',
      expiresAt: null,
      active: true,
    };
    await say(partnerKeyChanged, made);
    for (const known of both)
      await eventually('it is known', () => known.partnerKey(key)?.scopes[0]);
    await say(partnerKeyChanged, { ...made, version: 2, active: false });
    for (const known of both) await eventually('it is gone', () => (known.partnerKey(key) ? undefined : true));
    // Six changes, each to be heard within two seconds.
    expect(performance.now() - begun).toBeLessThan(12_000);
  }); // prettier-ignore

  it('what a replica knew is there after a restart, also of sessions that were revoked before', async () => {
    await say(sessionRevoked, {
      revocationId: randomUUID(),
      account: 'lasting',
      sessionId: null,
      issuedBefore: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
    });
    const first = start();
    await ready(first);
    await closings.pop()?.close();
    const { known } = start({ MIGRATION_DATABASE_URL: database.ownerUrl });
    const token = { account: 'lasting', sid: 'any', issuedAt: seconds() - 10 };
    await eventually('it is revoked', () => (known.isRevoked(token) ? true : undefined));
  });

  it('an older event that comes late changes nothing', async () => {
    const started = start();
    await ready(started);
    const { known } = started;
    const granted = member('reordered');
    await say(membershipChanged, { ...granted, version: 2, active: false });
    await say(membershipChanged, granted);
    await say(featureFlagChanged, { flag: 'override.late', version: 3, value: true, providers: {} });
    await say(featureFlagChanged, { flag: 'override.late', version: 3, value: false, providers: {} });
    await say(featureFlagChanged, { flag: 'override.late', version: 2, value: false, providers: {} });
    await say(featureFlagChanged, { flag: 'override.behind', version: 1, value: true, providers: {} });
    await say(membershipChanged, member('behind'));
    await eventually('all is worked off', () => (known.isMoved('behind') ? true : undefined));
    await eventually('all is worked off', async () => (await known.membershipsOf('behind'))[0]);
    expect(await known.membershipsOf('reordered')).toEqual([]);
    expect(known.isMoved('late')).toBe(true);
  });

  it('a listening connection that breaks comes back, and what was missed meanwhile is found', async () => {
    const started = start();
    await ready(started);
    const { known } = started;
    expect(await known.membershipsOf('missed')).toEqual([]);
    const admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
    await admin.query(
      `insert into known_membership (id, version, account, practice_id, role, active)
       values (gen_random_uuid(), 1, 'missed', $1, 'admin', true)`,
      [practiceId],
    );
    expect(await known.membershipsOf('missed')).toEqual([]);
    await admin.end();
    await cutListeners(database);
    await eventually('he is admin', async () => (await known.membershipsOf('missed'))[0]);
  });

  it('without a database it begins later, by itself, and says meanwhile that nothing is known', async () => {
    const away = await suiteDatabase('gateway_away');
    const target = { url: '' };
    const door = await openDoor(target);
    const through = (url: string): string => Object.assign(new URL(url), { port: String(door.port) }).toString();
    const started = start({
      DATABASE_URL: through(away.url),
      MIGRATION_DATABASE_URL: through(away.ownerUrl),
    });
    expect(() => started.known.isRevoked({ account: 'a', sid: null, issuedAt: 0 })).toThrow(/not known/);
    await expect(started.ready()).rejects.toThrow();
    target.url = away.url;
    await ready(started);
    expect(started.known.isRevoked({ account: 'a', sid: null, issuedAt: 0 })).toBe(false);
    await closings.pop()?.close();
    door.close();
    await away.drop();
  }); // prettier-ignore
});

/** Ends the connections that listen for notices. */
async function cutListeners({ url }: SuiteDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'notices known'`,
  );
  await client.end();
}

/** A port before a database that is not there until it is given one. */
async function openDoor(target: { url: string }): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    if (target.url === '') {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(target.url);
    const behind = connect(Number(port), hostname);
    socket.pipe(behind).pipe(socket);
    const part = (): void => {
      socket.destroy();
      behind.destroy();
    };
    for (const end of [socket, behind]) end.on('error', part).on('close', part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
