import 'reflect-metadata';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import pg from 'pg';
import { migrate } from '../../../apps/booking/src/migrate-database.js';
import { dumpDatabase, openSnapshot, tablesOf, type DatabaseDump } from './dump.js';
import { checkFiles, firstInhabited, loadDatabase } from './load.js';

const appointment = '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01';
const content = [
  `insert into audit_entry (id, practice_id, appointment_id, type, new_status, version, data, actor_type, actor_sub,
     request_id, source, at) select gen_random_uuid(), gen_random_uuid(), '${appointment}', 'created', 'CONFIRMED', n,
     '{"words": "a \\"quoted\\" \\\\ é ''", "n": 12345678901234567890}', 'patient', 'pat', 'r', 'api', now() from
     generate_series(1, 2500) n`,
  `insert into claim (practice_id, owner_id, kind, subject_id, during, expires_at) values (gen_random_uuid(),
     gen_random_uuid(), 'hold', gen_random_uuid(), '[2026-12-01 10:00+00,2026-12-01 11:00:00.123456+00)', null)`,
  `select jobs.enqueue_job('expire-hold', '{"data": {"holdId": "x"}, "runAt": null}', 'key', now(), 'keep')`,
  `insert into patient (id, practice_id, version, contact, time_zone, language, text_consent_at, created_at, updated_at)
     values ('${appointment}', gen_random_uuid(), 1, 'sealed', 'UTC', 'en', now(), now(), now())`,
  `insert into patient_account values ('pat', '${appointment}', gen_random_uuid(), 'SELF', now())`,
  `insert into outbox (id, aggregatetype, aggregateid, type, payload, created_at) values (gen_random_uuid(), 'a', 'b', 'c',
     '{"x": [1, null]}', now())`,
  `insert into known_flag (flag, version, value, providers) values ('kill.payments', 2, 'null', '"a \\u0041 word"')`,
];

describe('a backup', () => {
  let from: SuiteDatabase;
  let to: SuiteDatabase;
  let folder: string;
  const clients: pg.Client[] = [];
  const open = async ({ ownerUrl }: SuiteDatabase): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    from = await suiteDatabase('booking');
    to = await suiteDatabase('booking');
    await migrate(from.ownerUrl);
    await migrate(to.ownerUrl);
    const client = await open(from);
    for (const sql of content) await client.query(sql);
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-backup-'));
    fs.mkdirSync(path.join(folder, 'booking'));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    fs.rmSync(folder, { recursive: true });
  });
  afterAll(async () => {
    await from.drop();
    await to.drop();
  });

  const dump = async (): Promise<DatabaseDump> => {
    const client = await open(from);
    await openSnapshot(client);
    return dumpDatabase(client, 'booking', path.join(folder, 'booking'));
  };
  const contentOf = async (database: SuiteDatabase): Promise<Record<string, unknown>> => {
    const client = await open(database);
    const tables = await tablesOf(client);
    const all: Record<string, unknown> = {};
    for (const { table } of tables)
      all[table] = (await client.query(`select t::text as row from ${table} t order by 1`)).rows;
    return all;
  };

  it('puts every row of every table back exactly as it was, jobs and audit chain too', async () => {
    const backup = await dump();
    checkFiles(folder, backup);
    await loadDatabase(await open(to), folder, backup);
    const restored = await contentOf(to);
    expect(restored['public.audit_entry']).toHaveLength(2_500);
    expect(restored['jobs.job_common']).toHaveLength(1);
    expect(restored).toEqual(await contentOf(from));
  });

  it('leaves a database that goes on: numbers are not given twice, and triggers work again', async () => {
    await loadDatabase(await open(to), folder, await dump());
    const client = await open(to);
    for (const sql of content.slice(0, 1)) await client.query(sql);
    const { rows } = await client.query('select entries from audit_chain');
    expect(rows).toEqual([{ entries: 5_000 }]);
    await expect(client.query('delete from audit_entry')).rejects.toThrow('cannot be changed');
  });

  it('is of one moment: what is committed while it is read is not in it', async () => {
    const client = await open(from);
    await openSnapshot(client);
    const writer = await open(from);
    await writer.query(content[1] ?? '');
    const { tables } = await dumpDatabase(client, 'booking', path.join(folder, 'booking'));
    expect(tables.find(({ table }) => table === 'public.claim')?.rows).toBe(1);
  });

  it('is refused when a file was changed or is missing, and when it is of another release', async () => {
    const backup = await dump();
    const file = path.join(folder, 'booking', 'public.patient.jsonl.gz');
    fs.appendFileSync(file, 'x');
    expect(() => {
      checkFiles(folder, backup);
    }).toThrow('is not what was written');
    fs.rmSync(file);
    expect(() => {
      checkFiles(folder, backup);
    }).toThrow('is missing');
    const client = await open(to);
    await client.query('alter table patient add column nick_name text');
    await expect(loadDatabase(client, folder, backup)).rejects.toThrow('of another release');
    await client.query('rollback');
    await client.query('alter table patient drop column nick_name');
  });

  it('tells a database with rows of its own from one that was only started', async () => {
    const fresh = await suiteDatabase('booking');
    const client = await open(fresh);
    expect(await firstInhabited(client)).toBeUndefined();
    await migrate(fresh.ownerUrl);
    expect(await firstInhabited(client)).toBeUndefined();
    expect(await firstInhabited(await open(from))).toBe('public.audit_chain');
    await client.end();
    clients.splice(clients.indexOf(client), 1);
    await fresh.drop();
  });
});
