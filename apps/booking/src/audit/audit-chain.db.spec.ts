import { migrateDatabase, openDatabase, type TrailReport } from '@caregraph/runtime';
import { suiteDatabase } from '@caregraph/testing';
import pg from 'pg';
import type { Appointment } from '../appointment/appointment.js';
import { cancelAppointment } from '../appointment/cancel-appointment.js';
import { databaseParts } from '../database.js';
import { BookingBed } from '../testing/booking-bed.js';
import { verifyAudit } from './verify-audit.js';

describe('the audit trail as a hash chain', () => {
  let bed: BookingBed;
  let owner: pg.Client;
  let appointment: Appointment;
  beforeEach(async () => {
    // Each spec breaks what it has, so each has a database.
    bed = await BookingBed.open();
    const [row] = await bed.em().execute<{ name: string }[]>('select current_database() as name');
    const ownerUrl = new URL(process.env.CAREGRAPH_TEST_POSTGRES_URL ?? '');
    ownerUrl.pathname = `/${row?.name ?? ''}`;
    owner = new pg.Client({ connectionString: ownerUrl.toString() });
    await owner.connect();
    appointment = await bed.booked();
    await cancelAppointment(bed.as('pat'), { appointmentId: appointment.id });
    await bed.booked({ start: bed.at(72) });
  });
  afterEach(async () => {
    await owner.end();
    await bed.close();
  });

  const verify = (): Promise<TrailReport> => verifyAudit(bed.em());
  /** As somebody who may do everything in the database. */
  const tamper = async (sql: string, values: unknown[] = [appointment.id]): Promise<void> => {
    await owner.query('alter table audit_entry disable trigger user');
    await owner.query(sql, values);
    await owner.query('alter table audit_entry enable trigger user');
  };

  it('holds after every change, with one entry for each version (I7, GW-054)', async () => {
    expect(await verify()).toMatchObject({ subjects: 2, entries: 5, erased: 0, broken: [] });
  });

  it('names the entry whose content was changed (BK-102)', async () => {
    await tamper(
      `update audit_entry set data = '{"amountMinor": 1}' where appointment_id = $1 and position = 2`,
    );
    const { broken } = await verify();
    expect(broken).toEqual([
      {
        subjectId: appointment.id,
        position: 2,
        entryId: expect.any(String) as string,
        problem: 'the entry was changed, or one before it',
      },
    ]);
  });

  it('names the entry whose person was changed, and one whose person was taken out', async () => {
    await tamper(`update audit_entry set actor_sub = 'somebody' where appointment_id = $1 and position = 3`);
    expect((await verify()).broken).toMatchObject([{ position: 3, problem: 'who did it was changed' }]);
    await tamper(`update audit_entry set actor_sub = null, personal_salt = null where appointment_id = $1`);
    expect((await verify()).broken).toMatchObject([{ position: 1, problem: 'who did it was changed' }]);
  });

  it('finds a last entry that was deleted, also with the head set back and the version', async () => {
    await tamper('delete from audit_entry where appointment_id = $1 and position = 3');
    expect((await verify()).broken).toMatchObject([
      { position: 3, entryId: null, problem: 'the entry is missing' },
    ]);
    await tamper(`update audit_chain set entries = 2 where appointment_id = $1`);
    expect((await verify()).broken).toMatchObject([{ position: 3, problem: 'the entry is missing' }]);
    await tamper(`update appointment set version = 2 where id = $1`);
    expect((await verify()).broken).toMatchObject([
      { position: 2, problem: 'the head of the trail is another' },
    ]);
  });

  it('finds an entry deleted in the middle, and a trail that is gone', async () => {
    await tamper('delete from audit_entry where appointment_id = $1 and position = 2');
    expect((await verify()).broken).toMatchObject([
      { position: 2, entryId: null, problem: 'the entry is missing' },
    ]);
    await tamper('delete from audit_entry where appointment_id = $1');
    expect((await verify()).broken).toMatchObject([
      { position: 1, entryId: null, problem: 'the entry is missing' },
    ]);
  });

  it('finds a state that no entry tells of', async () => {
    await tamper(`update appointment set status = 'CONFIRMED' where id = $1`);
    expect((await verify()).broken).toMatchObject([
      { position: 3, problem: 'the appointment is in another state than its trail says' },
    ]);
  });

  it('cannot be changed by the app, not even its head (BK-111)', async () => {
    const denied = [
      'update audit_entry set actor_sub = null, ip_address = null, user_agent = null, personal_salt = null',
      'delete from audit_entry',
      'truncate audit_entry',
      'update audit_chain set entries = 0',
      'delete from audit_chain',
      `insert into audit_chain values (gen_random_uuid(), gen_random_uuid(), 0, '')`,
    ];
    for (const sql of denied) await expect(bed.em().execute(sql)).rejects.toThrow(/permission denied/);
    // The owner without a detour neither.
    await expect(owner.query(`update audit_entry set new_status = 'CONFIRMED'`)).rejects.toThrow(
      'cannot be changed',
    );
    await expect(owner.query('delete from audit_entry')).rejects.toThrow('cannot be changed');
    expect((await verify()).broken).toEqual([]);
  });

  it('cannot lose its people while the patient is not erased', async () => {
    await bed.em().execute('select erase_audit_people(?)', [appointment.patientId]);
    expect(await verify()).toMatchObject({ erased: 0, broken: [] });
  });
});

describe('a trail from before there was a chain', () => {
  it('is chained in its order, and verifies', async () => {
    const database = await suiteDatabase('booking');
    const before = databaseParts.migrations.filter(({ name }) => name < '20261121T1230');
    await migrateDatabase(database.ownerUrl, { ...databaseParts, migrations: before });
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    const add = (appointment: string, version: number): Promise<unknown> =>
      client.query(
        `insert into audit_entry (id, practice_id, appointment_id, type, previous_status, new_status, version, data,
           actor_type, actor_sub, request_id, source, at)
         values (gen_random_uuid(), gen_random_uuid(), $1, 'created', $2, 'CONFIRMED', $3, '{"a": "é"}', 'patient', 'pat',
           'r', 'api', now())`,
        [appointment, version === 1 ? null : 'CONFIRMED', version],
      );
    const one = '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01';
    const two = '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a02';
    for (const version of [1, 2, 3]) {
      await add(one, version);
      await add(two, version);
    }
    await migrateDatabase(database.ownerUrl, databaseParts);
    await add(one, 4);
    await client.end();
    const orm = await openDatabase(database.url, databaseParts);
    const { entries, broken } = await verifyAudit(orm.em.fork());
    await orm.close();
    await database.drop();
    expect(entries).toBe(7);
    // The chain holds; only the appointments themselves were never there.
    expect(new Set(broken.map(({ problem }) => problem))).toEqual(new Set(['there is no such appointment']));
  });
});
