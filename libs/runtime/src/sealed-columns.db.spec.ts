import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Registry } from 'prom-client';
import { eventually, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { openDatabase } from './database.js';
import { createSealer } from './seal.js';
import { sealAnew, sealedIndex, watchSealedColumns } from './sealed-columns.js';
import { parts, personColumn } from './spec-sealing.js';

const key = (kid: string) => ({ kid, secret: randomBytes(32).toString('base64') });
const [oldest, old, current] = [key('oldest'), key('old'), key('new')];
const ring = createSealer([current, old, oldest]);
const column = personColumn;

describe('sealing anew', () => {
  let database: SuiteDatabase;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await suiteDatabase('sealed');
    const owner = await openDatabase(database.ownerUrl, parts);
    await owner.em.execute('create table person (id uuid primary key, contact text)');
    await owner.em.execute(sealedIndex('person', 'contact'));
    await owner.close();
    orm = await openDatabase(database.url, parts);
  });
  beforeEach(async () => {
    await orm.em.execute('delete from person');
  });
  afterAll(async () => {
    await orm.close();
    await database.drop();
  });

  /** Rows that this key has sealed; the plain text is the row's place. */
  async function sealedBy(by: typeof old, count: number): Promise<string[]> {
    const sealer = createSealer([by]);
    const rows = Array.from({ length: count }, (_, place) => {
      const id = randomUUID();
      return { id, contact: sealer.seal(`person ${place}`, column.context(id)) };
    });
    await orm.em.execute(
      'insert into person select * from jsonb_to_recordset(?::jsonb) as row(id uuid, contact text)',
      [JSON.stringify(rows)],
    );
    return rows.map(({ id }) => id);
  }

  const contacts = (): Promise<{ id: string; contact: string | null }[]> =>
    orm.em.fork().execute('select id, contact from person');
  const kids = async (): Promise<Record<string, number>> => {
    const rows = await contacts();
    const counts: Record<string, number> = {};
    for (const { contact } of rows) {
      const kid = contact?.split('.')[2] ?? String(contact);
      counts[kid] = (counts[kid] ?? 0) + 1;
    }
    return counts;
  };
  const run = () => sealAnew(orm.em.fork(), ring, [column]);

  it('brings the values of all older keys to the one that seals now, and they open without the others', async () => {
    const first = await sealedBy(oldest, 3);
    await sealedBy(old, 250);
    await sealedBy(current, 2);
    expect(await run()).toEqual({ sealed: 253, unreadable: 0 });
    expect(await kids()).toEqual({ new: 255 });
    const opened = createSealer([current]);
    for (const { id, contact } of await contacts())
      expect(opened.open(contact ?? '', column.context(id))).toMatch(/^person \d+$/);
    expect((await contacts()).map(({ id }) => id)).toEqual(expect.arrayContaining(first));
    expect(await run()).toEqual({ sealed: 0, unreadable: 0 });
  });

  it('leaves what is empty, and what no key of the ring opens, and counts the latter', async () => {
    await sealedBy(key('stranger'), 2);
    const [moved = ''] = await sealedBy(old, 1);
    await orm.em.execute('update person set id = ? where id = ?', [randomUUID(), moved]);
    await orm.em.execute(`insert into person values (?, null), (?, '')`, [randomUUID(), randomUUID()]);
    expect(await run()).toEqual({ sealed: 0, unreadable: 3 });
    expect(await kids()).toEqual({ stranger: 2, old: 1, null: 1, '': 1 });
  });

  it('never writes over what another transaction changes meanwhile', async () => {
    const [id = ''] = await sealedBy(old, 1);
    const fresh = ring.seal('changed', column.context(id));
    let running: Promise<unknown> = Promise.resolve();
    await orm.em.fork().transactional(async (em) => {
      await em.execute('update person set contact = ? where id = ?', [fresh, id]);
      running = run();
      await eventually('the job waits for the row', async () => {
        const [row] = await orm.em
          .fork()
          .execute<{ waits: number }[]>(`select count(*)::int as waits from pg_locks where not granted`);
        return (row?.waits ?? 0) > 0 ? true : undefined;
      });
    });
    expect(await running).toEqual({ sealed: 0, unreadable: 0 });
    expect(await contacts()).toEqual([{ id, contact: fresh }]);
  });

  it('goes on where a killed process was', async () => {
    await sealedBy(old, 3_000);
    const worker = fileURLToPath(new URL('./spec-sealing.ts', import.meta.url));
    const asked = JSON.stringify({ url: database.url, keys: [current, old] });
    const child = spawn(process.execPath, ['--import', 'tsx', worker, asked], { stdio: 'inherit' });
    const ended = once(child, 'exit');
    await eventually('it has begun', async () => ((await kids()).new ? true : undefined), { everyMs: 5 });
    child.kill('SIGKILL');
    await ended;
    const { new: done = 0, old: left = 0 } = await kids();
    expect(left).toBeGreaterThan(0);
    expect(done + left).toBe(3_000);
    expect(await run()).toEqual({ sealed: left, unreadable: 0 });
    expect(await kids()).toEqual({ new: 3_000 });
  });

  it('by two processes at once leaves each value whole', async () => {
    await sealedBy(old, 600);
    const both = await Promise.all([run(), run()]);
    expect(both.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(600);
    for (const { id, contact } of await contacts())
      expect(ring.open(contact ?? '', column.context(id))).toMatch(/^person/);
  });

  it('shows what older keys are still needed for, 0 when one may go', async () => {
    await sealedBy(old, 4);
    await sealedBy(current, 5);
    const registry = new Registry();
    watchSealedColumns(registry, orm, ring, [column]);
    const figures = async (): Promise<string[]> =>
      (await registry.metrics())
        .split('\n')
        .filter((line) => line.startsWith('caregraph_sealed_rows_outdated{'));
    expect((await figures()).sort()).toEqual([
      'caregraph_sealed_rows_outdated{column="person.contact",kid="old"} 4',
      'caregraph_sealed_rows_outdated{column="person.contact",kid="oldest"} 0',
    ]);
    await run();
    expect((await figures()).every((line) => line.endsWith(' 0'))).toBe(true);
  });

  it('finds the rows by their index, and not by reading the table', async () => {
    await sealedBy(current, 2_000);
    await orm.em.execute('analyze person').catch(() => undefined);
    const plan = await orm.em.execute<Record<string, string>[]>(
      `explain select id from person where contact like 'sealed.v1.%' and split_part(contact, '.', 3) = 'old'
        and id > '00000000-0000-0000-0000-000000000000' order by id limit 100`,
    );
    expect(JSON.stringify(plan)).toContain('person_contact_kid');
  });
});
