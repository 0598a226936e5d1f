import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { openDatabase, recordTraces, span } from './index.js';

const PersonSchema = defineEntity({
  name: 'Person',
  properties: { id: p.integer().primary(), email: p.text() },
});
class Person extends PersonSchema.class {}
PersonSchema.setClass(Person);

describe('statements of the ORM', () => {
  let database: SuiteDatabase;
  let orm: MikroORM;
  const traces = recordTraces();
  beforeAll(async () => {
    database = await suiteDatabase();
    orm = await openDatabase(database.url, { entities: [PersonSchema], migrations: [] });
    const owner = await openDatabase(database.ownerUrl, { entities: [PersonSchema], migrations: [] });
    await owner.em.execute('create table person (id int primary key, email text unique)');
    await owner.close();
  });
  afterEach(() => {
    traces.clear();
  });
  afterAll(async () => {
    await orm.close();
    await database.drop();
    await traces.stop();
  });

  it('are spans of the work that they are done for, by operation and table, without a value', async () => {
    await span('work', {}, async () => {
      await orm.em.fork().transactional(async (em) => {
        em.persist(em.create(Person, { id: 1, email: 'canary@example.org' }));
        await em.flush();
        await em.execute('update person set email = ? where id = ?', ['canary from person', 1]);
        await em.findOne(Person, { email: 'canary' }, { refresh: true });
      });
    });
    const spans = traces.spans();
    const work = spans.find(({ name }) => name === 'work');
    const statements = spans.filter((one) => one.parentSpanId === work?.spanId);
    expect(statements.map(({ name }) => name)).toEqual(['insert person', 'update person', 'select person']);
    expect(statements[0]).toMatchObject({
      traceId: work?.traceId,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'insert',
        'db.collection.name': 'person',
      },
    });
    expect(JSON.stringify(spans)).not.toContain('canary');
  });

  it('that fail are marked, and the work tells the code', async () => {
    const twice = span('twice', {}, () =>
      orm.em.fork().execute(`insert into person values (1, 'canary'), (1, 'canary')`),
    );
    await expect(twice).rejects.toThrow();
    expect(traces.spans()).toMatchObject([
      { name: 'insert person', failed: true },
      { name: 'twice', failed: true, attributes: { 'error.type': '23505' } },
    ]);
    expect(JSON.stringify(traces.spans())).not.toContain('canary');
  });

  it('that belong to no trace, such as polling, make no span', async () => {
    await orm.em.fork().execute('select 1');
    expect(traces.spans()).toEqual([]);
  });
});
