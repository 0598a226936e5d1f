import { fixedClock, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import pg from 'pg';
import { contractApp, silent, type ContractApp } from './app.contract.js';
import { until } from './database.js';
import type { EventEnvelope } from '@caregraph/contracts';
import {
  listenForNotices,
  migrateEventLog,
  postgresTransport,
  publish,
  readOutbox,
  type EventTransport,
} from './index.js';
import { noteWritten } from './note.contract.js';

describe('the outbox and its relay', () => {
  let log: SuiteDatabase;
  let reader: pg.Client;
  let transport: EventTransport;
  let app: ContractApp;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    log = await suiteDatabase('event_log');
    await migrateEventLog(log.ownerUrl);
    reader = new pg.Client({ connectionString: log.url });
    await reader.connect();
    transport = postgresTransport({ url: log.url, log: silent });
    app = await contractApp(transport);
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await app.close();
    await transport.close();
    await reader.end();
    await log.drop();
  });

  const logged = async (): Promise<[string, number][]> => {
    const { rows } = await reader.query<{ key: string; number: number }>(
      `select key, (payload->'data'->>'number')::int as number from event_log order by topic, partition, log_offset`,
    );
    return rows.map(({ key, number }) => [key, number]);
  };

  it('publishes an event only if its transaction commits', async () => {
    const relay = app.relay();
    const failing = app.orm.em.fork().transactional(async (em) => {
      publish(em, noteWritten.of({ noteId: 'a', number: 1 }), new Date());
      await em.flush();
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await app.write({ noteId: 'a', number: 2 });
    await relay.drain();
    expect(await logged()).toEqual([['a', 2]]);
  });

  it('fills the columns that an event router reads', async () => {
    await app.write({ noteId: 'a', number: 1 });
    const [row] = await app.query<Record<string, unknown> & { payload: EventEnvelope }>(
      'select * from outbox',
    );
    expect(row).toMatchObject({
      aggregatetype: 'contract.note',
      aggregateid: 'a',
      type: 'contract.note-written.v1',
      published_at: null,
      payload: {
        specversion: '1.0',
        source: '/caregraph/contract',
        subject: 'a',
        data: { noteId: 'a', number: 1 },
      },
    });
    expect(row?.payload.id).toBe(row?.id);
  });

  it('keeps the order in which one transaction published', async () => {
    const relay = app.relay();
    const numbers = Array.from({ length: 1_200 }, (_, index) => index);
    await app.write(...numbers.map((number) => ({ noteId: 'a', number })));
    await relay.drain();
    expect(await logged()).toEqual(numbers.map((number) => ['a', number]));
  });

  it('does not skip an event whose transaction commits after a later one', async () => {
    const relay = app.relay();
    const late = app.orm.em.fork();
    await late.begin();
    publish(late, noteWritten.of({ noteId: 'late', number: 1 }), new Date());
    await late.flush();
    await app.write({ noteId: 'early', number: 2 });
    await until(async () => (await logged()).length === 1);
    await late.commit();
    await relay.drain();
    expect((await logged()).sort()).toEqual([
      ['early', 2],
      ['late', 1],
    ]);
  });

  it('publishes each event once and in order when two relays run', async () => {
    const relays = [app.relay({ pollMs: 50 }), app.relay({ pollMs: 50 })];
    for (let number = 0; number < 100; number += 1) await app.write({ noteId: 'a', number });
    await relays[0]?.drain();
    // The one that stood by takes over.
    await relays[0]?.stop();
    for (let number = 100; number < 150; number += 1) await app.write({ noteId: 'a', number });
    await relays[1]?.drain();
    expect(await logged()).toEqual(Array.from({ length: 150 }, (_, number) => ['a', number]));
  });

  it('publishes again what a relay appended but could not mark, and the inbox drops the second', async () => {
    let dies = true;
    const dying: EventTransport = {
      ...transport,
      append: async (records) => {
        await transport.append(records);
        if (dies) {
          dies = false;
          throw new Error('the process ended here');
        }
      },
    };
    const consumers = await app.consume('reader');
    await app.write({ noteId: 'a', number: 1 }, { noteId: 'a', number: 2 });
    await app.relay({ transport: dying }).drain();
    await consumers.drain();
    expect((await logged()).map(([, number]) => number)).toEqual([1, 2, 1, 2]);
    expect((await app.seen()).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('goes on after its connections were cut', async () => {
    const relay = app.relay();
    const consumers = await app.consume('reader');
    await app.write({ noteId: 'a', number: 1 });
    await relay.drain();
    await consumers.drain();
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database() and application_name ~ 'relay|consumer|replays'`;
    await app.query(cut);
    await reader.query(cut);
    await app.write({ noteId: 'a', number: 2 });
    await relay.drain();
    await consumers.drain();
    expect((await app.seen()).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('tells its hook of each published batch and survives what it throws', async () => {
    const told: unknown[] = [];
    const relay = app.relay({
      onPublished: (envelopes) => {
        told.push(...envelopes.map(({ subject }) => subject));
        throw new Error('the hook failed');
      },
    });
    await app.write({ noteId: 'a', number: 1 });
    await app.write({ noteId: 'b', number: 2 });
    await relay.drain();
    await until(() => Promise.resolve(told.length === 2));
    expect(told).toEqual(['a', 'b']);
  });

  it('tells of a batch in the step that marks it: what cannot be told is neither marked nor lost', async () => {
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      const listening = listenForNotices({
        url: app.url,
        channel: 'notes',
        log: silent,
        onNotice: (text) => heard.push(text),
        onConnected: resolve,
      });
      closing.push(() => listening.close());
    });
    let tries = 0;
    const relay = app.relay({
      announce: (envelopes) => {
        tries += 1;
        // PostgreSQL takes no notice of 8000 bytes.
        const filling = tries === 1 ? 'x'.repeat(8_000) : '';
        return envelopes.map(({ subject }) => ({ channel: 'notes', text: `${subject}${filling}` }));
      },
    });
    await app.write({ noteId: 'a', number: 1 }, { noteId: 'b', number: 2 });
    await relay.drain();
    await until(() => Promise.resolve(heard.length >= 2));
    expect([heard, tries]).toEqual([['a', 'b'], 2]);
  });

  it('publishes a batch also where it cannot say what to announce', async () => {
    const relay = app.relay({
      announce: () => {
        throw new Error('no words');
      },
    });
    await app.write({ noteId: 'a', number: 1 });
    await relay.drain();
    expect(await logged()).toEqual([['a', 1]]);
  });

  it('knows how many events wait and since when', async () => {
    const em = app.orm.em.fork();
    publish(em, noteWritten.of({ noteId: 'a', number: 1 }), new Date('2030-01-01T00:00:00Z'));
    await em.flush();
    const away: EventTransport = { ...transport, append: () => Promise.reject(new Error('the log is away')) };
    const clock = fixedClock(new Date('2030-01-01T00:01:00Z'));
    const relay = app.relay({ transport: away, clock });
    expect(await relay.stats()).toEqual({ outboxDepth: 1, outboxOldestAgeSeconds: 60 });
  });

  it('forgets events 7 days after they were published', async () => {
    await app.query(`
      insert into outbox (id, aggregatetype, aggregateid, type, payload, created_at, published_at)
      select gen_random_uuid(), 'contract.note', age::text, 'contract.note-written.v1', '{}', now(), now() - age
        from unnest(array['6 days', '8 days']::interval[]) age`);
    app.relay();
    await until(async () => (await app.query('select 1 from outbox')).length === 1);
    expect(await app.query('select aggregateid from outbox')).toEqual([{ aggregateid: '6 days' }]);
  });

  it('shows an operator what waits, how long, and when the last event left', async () => {
    await app.write({ noteId: 'a', number: 1 });
    const in90s = new Date(Date.now() + 90_000);
    const [waiting] = await readOutbox(app.orm, in90s);
    expect(waiting).toMatchObject({ topic: 'contract.note', waiting: 1, lastPublishedAt: null });
    expect(waiting?.oldestSeconds).toBeGreaterThanOrEqual(80);
    await app.relay().drain();
    const [left] = await readOutbox(app.orm, in90s);
    expect(left).toMatchObject({ topic: 'contract.note', waiting: 0, oldestSeconds: 0 });
    expect(left?.lastPublishedAt).toBeInstanceOf(Date);
  });
});
