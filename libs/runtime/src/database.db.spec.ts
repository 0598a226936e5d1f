import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { eventually, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { createLogger, migrateDatabase, openDatabase, type DatabaseParts } from './index.js';

const PersonSchema = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    id: p.integer().primary(),
    email: p.string(),
    seenAt: p.datetime().columnType('timestamptz'),
  },
});
class Person extends PersonSchema.class {}
PersonSchema.setClass(Person);

class CreatePerson extends Migration {
  override up(): void {
    this.addSql('create table person (id int primary key, email text not null unique)');
  }
}
class AddSeenAt extends Migration {
  override up(): void {
    this.addSql("alter table person add column seen_at timestamptz not null default '2026-01-01T00:00:00Z'");
  }
}
class Broken extends Migration {
  override up(): void {
    this.addSql('create table half (id int)');
    this.addSql('alter table nowhere add column x int');
  }
}

const first = { name: '20261101T0900-person', class: CreatePerson };
const second = { name: '20261102T0900-seen-at', class: AddSeenAt };
const parts: DatabaseParts = { entities: [PersonSchema], migrations: [second, first] };

describe('an app’s database', () => {
  let database: SuiteDatabase;
  const opened: MikroORM[] = [];
  const open = async (...rest: [ReturnType<typeof createLogger>?]): Promise<MikroORM> => {
    const orm = await openDatabase(database.url, parts, ...rest);
    opened.push(orm);
    return orm;
  };
  beforeEach(async () => {
    database = await suiteDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((orm) => orm.close()));
    await database.drop();
  });

  const applied = async (): Promise<string[]> => {
    const orm = await openDatabase(database.ownerUrl, parts);
    const rows = await orm.em.fork().execute<{ name: string }[]>('select name from migration order by id');
    await orm.close();
    return rows.map(({ name }) => name);
  };

  it('is migrated in the order of the dates, each step once, however often', async () => {
    await migrateDatabase(database.ownerUrl, { ...parts, migrations: [first] });
    await migrateDatabase(database.ownerUrl, parts);
    await migrateDatabase(database.ownerUrl, parts);
    expect(await applied()).toEqual([first.name, second.name]);
  });

  it('is migrated once by replicas that start at the same time', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(database.ownerUrl, parts)));
    expect(await applied()).toEqual([first.name, second.name]);
  });

  it('keeps nothing of a migration that fails, and can be migrated afterwards', async () => {
    const broken = { name: '20261103T0900-broken', class: Broken };
    await expect(
      migrateDatabase(database.ownerUrl, { ...parts, migrations: [first, second, broken] }),
    ).rejects.toThrow('nowhere');
    await migrateDatabase(database.ownerUrl, parts);
    const orm = await open();
    expect(await orm.em.fork().execute("select 1 from pg_tables where tablename = 'half'")).toEqual([]);
  });

  it('lets the app change rows, and neither tables nor the list of migrations by itself', async () => {
    await migrateDatabase(database.ownerUrl, parts);
    const em = (await open()).em.fork();
    await em.execute("insert into person (id, email) values (1, 'pat@example.org')");
    await em.execute('update person set email = ?', ['sam@example.org']);
    await expect(em.execute('alter table person add column note text')).rejects.toThrow('must be owner');
    await expect(em.execute('drop table person')).rejects.toThrow('must be owner');
    await expect(em.execute('truncate person')).rejects.toThrow('permission denied');
    await expect(em.execute('create table other (id int)')).rejects.toThrow('permission denied');
  });

  it('gives instants back as they were, whatever the zone of the machine', async () => {
    await migrateDatabase(database.ownerUrl, parts);
    const orm = await open();
    const seenAt = new Date('2026-03-08T02:30:00.123Z');
    await orm.em.fork().insert(Person, { id: 1, email: 'pat@example.org', seenAt });
    expect((await orm.em.fork().findOneOrFail(Person, 1)).seenAt).toEqual(seenAt);
  });

  it('comes back after its idle connections were cut, and the process lives on', async () => {
    const lines: string[] = [];
    const orm = await open(createLogger('spec', 'info', { write: (line) => lines.push(line) }));
    await Promise.all([1, 2, 3].map(() => orm.em.fork().execute('select pg_sleep(0.05)')));
    expect(await cutConnections(database)).toBeGreaterThan(0);
    await eventually('the warning', () => (lines.join('').includes('idle connection') ? true : undefined));
    await eventually('an answer', () => orm.em.fork().execute('select 1'));
  });

  it('tells the log of a refused row its table and constraint, and nothing of the row', async () => {
    await migrateDatabase(database.ownerUrl, parts);
    const orm = await open();
    const lines: string[] = [];
    const log = createLogger('spec', 'debug', { write: (line) => lines.push(line) });
    const insert = (id: number): Promise<unknown> =>
      orm.em.fork().insert(Person, { id, email: 'canary', seenAt: new Date(0) });
    await insert(1);
    const faults = [
      () => insert(2),
      () => orm.em.fork().execute('select * from person where id = ?', ['canary']),
      () => orm.em.fork().execute("select 'canary' from nowhere"),
      () => orm.em.fork().findOneOrFail(Person, { email: 'canary', id: 7 }),
    ];
    for (const fault of faults) {
      const error: unknown = await fault().catch((thrown: unknown) => thrown);
      log.error({ err: error }, 'failed');
      log.error(error);
    }
    expect(lines).toHaveLength(2 * faults.length);
    expect(lines.join('')).not.toContain('canary');
    expect(lines[0]).toContain('constraint person_email_key');
    expect(lines[0]).toContain('"code":"23505"');
    expect(lines[4]).toContain('relation \\"nowhere\\" does not exist');
  });
});

/** Cuts all other connections to the database that the app has; returns how many. */
async function cutConnections({ url, name }: SuiteDatabase): Promise<number> {
  const orm = await openDatabase(url, { entities: [PersonSchema], migrations: [] });
  const rows = await orm.em
    .fork()
    .execute<{ cut: boolean }[]>(
      'select pg_terminate_backend(pid) as cut from pg_stat_activity where datname = ? and usename = current_user and pid <> pg_backend_pid()',
      [name],
    );
  await orm.close();
  return rows.filter(({ cut }) => cut).length;
}
