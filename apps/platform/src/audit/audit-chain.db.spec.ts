import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrateDatabase, openDatabase, type TrailReport } from '@caregraph/runtime';
import { suiteDatabase } from '@caregraph/testing';
import { databaseParts } from '../database.js';
import { specApp, type SpecApp } from '../spec-app.js';
import { verifyAudit } from './verify-audit.js';

describe("the platform's trail as a hash chain", () => {
  let app: SpecApp;
  let id: string;
  beforeEach(async () => {
    // Each spec breaks what it has, so each has a database.
    app = await specApp();
    const practiceId = await app.practice();
    id = randomUUID();
    await app.mutate('grantMembership', { id, practiceId, account: 'ann', role: 'ADMIN' });
    await app.mutate('endMembership', { membershipId: id });
    await app.mutate('setFeatureFlag', { key: 'payment.disable_captures', on: true });
    await app.mutate('revokeSessions', { account: 'ann' });
    await app.mutate('createPartnerKey', { practiceId, name: 'Intake', scopes: ['appointments:read'] });
  });
  afterEach(() => app.close());

  const verify = (): Promise<TrailReport> => verifyAudit(app.deps().em);
  const firstProblem = async (): Promise<unknown> => (await verify()).broken[0];

  it('holds after every change, with one entry for each version (BK-102)', async () => {
    expect(await verify()).toMatchObject({ subjects: 4, entries: 5, erased: 0, broken: [] });
  });

  it('names the entry whose content was changed, and one whose people were', async () => {
    const at = `where subject_id = $1 and position = 1`;
    await app.tamper(`update audit_entry set data = '{"role": "staff"}' ${at}`, [id]);
    const changed = { subjectId: id, position: 1, problem: 'the entry was changed, or one before it' };
    expect(await firstProblem()).toMatchObject(changed);
    await app.tamper(`update audit_entry set data = '{"role": "admin"}' ${at}`, [id]);
    await app.tamper(`update audit_entry set whom = '{"account": "eve"}' ${at}`, [id]);
    expect(await firstProblem()).toMatchObject({ position: 1, problem: 'who did it was changed' });
    await app.tamper(`update audit_entry set whom = '{"account": "ann"}' ${at}`, [id]);
    expect((await verify()).broken).toEqual([]);
    await app.tamper(`update audit_entry set actor_sub = null, actor_salt = null ${at}`, [id]);
    expect(await firstProblem()).toMatchObject({ position: 1, problem: 'who did it was changed' });
  });

  it('finds entries that were deleted, and a role that no entry tells of', async () => {
    await app.tamper('delete from audit_entry where subject_id = $1 and position = 2', [id]);
    expect(await firstProblem()).toMatchObject({
      position: 2,
      entryId: null,
      problem: 'the entry is missing',
    });
    await app.tamper('delete from audit_entry where subject_id = $1', [id]);
    await app.tamper('delete from audit_chain where subject_id = $1', [id]);
    expect(await firstProblem()).toMatchObject({ position: 1, problem: 'the head of the trail is missing' });
  });

  it('finds a role that counts again though its trail says that it has ended', async () => {
    await app.tamper(`update membership set status = 'ACTIVE', ended_at = null where id = $1`, [id]);
    expect(await firstProblem()).toMatchObject({
      subjectId: id,
      problem: 'the subject is in another state than its trail says',
    });
  });

  it('cannot be changed by the app, not even its head', async () => {
    const denied = [
      'update audit_entry set whom = null, whom_salt = null',
      'delete from audit_entry',
      'truncate audit_entry',
      'update audit_chain set entries = 0',
      `insert into audit_chain values (gen_random_uuid(), 0, '')`,
    ];
    for (const sql of denied) await expect(app.rows(sql)).rejects.toThrow(/permission denied/);
  });
});

describe("a platform's trail from before there was a chain", () => {
  it('is chained in its order, with whom it is about apart, and verifies', async () => {
    const database = await suiteDatabase('platform');
    const before = databaseParts.migrations.filter(({ name }) => name < '20261121T19');
    await migrateDatabase(database.ownerUrl, { ...databaseParts, migrations: before });
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    const [role, session] = [randomUUID(), randomUUID()];
    const add = (subject: string, type: string, data: object): Promise<unknown> =>
      client.query(
        `insert into audit_entry (id, subject_type, subject_id, type, data, actor_type, actor_sub, request_id, source, at)
         values (gen_random_uuid(), 'x', $1, $2, $3, 'support', 'sue', 'r', 'api', now())`,
        [subject, type, data],
      );
    await client.query(`insert into membership (id, version, account, role, status, created_at, ended_at)
      values ('${role}', 2, 'ann', 'support', 'ENDED', now(), now())`);
    await add(role, 'membership_granted', { account: 'ann', role: 'support' });
    await add(session, 'session_revoked', { account: 'ann', sessionId: null });
    await add(role, 'membership_ended', { account: 'ann', role: 'support' });
    await migrateDatabase(database.ownerUrl, databaseParts);
    const { rows } = await client.query('select data, whom, seq::int from audit_entry order by seq');
    await client.end();
    const orm = await openDatabase(database.url, databaseParts);
    const report = await verifyAudit(orm.em.fork());
    await orm.close();
    await database.drop();
    expect(rows).toEqual([
      { seq: 1, data: { role: 'support' }, whom: { account: 'ann' } },
      { seq: 2, data: {}, whom: { account: 'ann', sessionId: null } },
      { seq: 3, data: { role: 'support' }, whom: { account: 'ann' } },
    ]);
    expect(report).toMatchObject({ subjects: 2, entries: 3, broken: [] });
  });
});
