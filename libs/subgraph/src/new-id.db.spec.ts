import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { migrateDatabase, openDatabase } from '@caregraph/runtime';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { newId } from './index.js';

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: { id: p.uuid().primary(), title: p.string() },
});
class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

class NoteMigration extends Migration {
  override up(): void {
    this.addSql('create table note (id uuid primary key, title text not null unique)');
  }
}

let database: SuiteDatabase;
let orm: MikroORM;
beforeAll(async () => {
  const parts = {
    entities: [NoteSchema],
    migrations: [{ name: '20261121T0900-note', class: NoteMigration }],
  };
  database = await suiteDatabase();
  await migrateDatabase(database.ownerUrl, parts);
  orm = await openDatabase(database.url, parts);
});
afterAll(async () => {
  await orm.close();
  await database.drop();
});

/** Creates a note as a use case does; `fails` breaks its transaction after the id was given out. */
const create = (chosen: string | null, title: string = randomUUID(), fails = false): Promise<string> =>
  orm.em.fork().transactional(async (em) => {
    const id = await newId(em, Note, chosen);
    await em.persist(em.create(Note, { id, title })).flush();
    if (fails) throw new Error('broken');
    return id;
  });

const used = {
  extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'id', message: 'is already used' }] },
};

describe('the id of a new row', () => {
  it('is the client’s choice in its one spelling, or made by us', async () => {
    const id = randomUUID();
    expect(await create(id.toUpperCase())).toBe(id);
    expect(await create(null)).toMatch(/^[0-9a-f-]{36}$/);
    await expect(create('x')).rejects.toMatchObject({ extensions: { fields: [{ field: 'id' }] } });
  });

  it('is given to one of eight who choose the same at the same time, and refused by name to the others', async () => {
    const id = randomUUID();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create(id)));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as object] : []));
    expect(refused).toHaveLength(7);
    for (const reason of refused) expect(reason).toMatchObject(used);
  });

  it('is free again where the one who had it first gave up', async () => {
    const id = randomUUID();
    const outcomes = await Promise.allSettled([create(id, 'first', true), create(id, 'second')]);
    expect(outcomes[1]).toEqual({ status: 'fulfilled', value: id });
  });

  it('is not to blame for another field that must be unique', async () => {
    await create(null, 'taken');
    await expect(create(randomUUID(), 'taken')).rejects.toMatchObject({ code: '23505' });
  });
});
