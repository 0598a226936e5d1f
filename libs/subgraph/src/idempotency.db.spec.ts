import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { Refusal } from '@caregraph/contracts';
import { migrateDatabase, openDatabase, systemViewer, type Viewer } from '@caregraph/runtime';
import { eventually, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import {
  idempotencyEntities,
  IdempotencyKey,
  idempotencyKeptHours,
  idempotencyMigrations,
  idempotent,
  type RequestDeps,
} from './index.js';

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: { id: p.uuid().primary(), body: p.string() },
});
class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

class NoteMigration extends Migration {
  override up(): void {
    this.addSql('create table note (id uuid primary key, body text not null)');
  }
}
class NoteRefused extends Refusal {
  readonly code = 'NOTE_REFUSED';
  readonly message = 'No.';
}

interface Input {
  readonly body?: unknown;
  readonly idempotencyKey?: string | null;
}

const parts = {
  entities: [NoteSchema, ...idempotencyEntities],
  migrations: [...idempotencyMigrations, { name: '20261121T0900-note', class: NoteMigration }],
};
const start = new Date('2026-11-21T09:00:00Z');
const hours = (count: number): Date => new Date(start.getTime() + count * 3_600_000);

let database: SuiteDatabase;
let orm: MikroORM;
let runs = 0;

beforeAll(async () => {
  database = await suiteDatabase();
  await migrateDatabase(database.ownerUrl, parts);
  orm = await openDatabase(database.url, parts);
});
afterAll(async () => {
  await orm.close();
  await database.drop();
});
beforeEach(async () => {
  runs = 0;
  await orm.em.fork().execute('delete from note');
  await orm.em.fork().execute('delete from idempotency_key');
});

const depsOf = (viewer: Partial<Viewer> = {}, now = start): RequestDeps => ({
  em: orm.em.fork(),
  viewer: { ...systemViewer, account: 'pat', ...viewer },
  now,
  requestId: 'r1',
});

async function writeNote({ em }: RequestDeps, input: Input): Promise<Note | NoteRefused> {
  runs += 1;
  return em.transactional((em) => {
    const note = Object.assign(new Note(), { id: randomUUID(), body: String(input.body) });
    em.persist(note);
    return Promise.resolve(note);
  });
}

const write = (
  input: Input,
  { viewer, now, mutation = 'writeNote' }: { viewer?: Partial<Viewer>; now?: Date; mutation?: string } = {},
): Promise<Note | NoteRefused> => idempotent(depsOf(viewer, now), mutation, input, writeNote);

const idOf = async (outcome: Promise<Note | NoteRefused>): Promise<string> => ((await outcome) as Note).id;
const notes = (): Promise<number> => orm.em.fork().count(Note);
const keys = (): Promise<number> => orm.em.fork().count(IdempotencyKey);

describe('a mutation without a key', () => {
  it('runs each time, and nothing is remembered', async () => {
    await write({ body: 'a' });
    await write({ body: 'a', idempotencyKey: null });
    expect([runs, await notes(), await keys()]).toEqual([2, 2, 0]);
  });

  it('that is empty is refused: who sent it believes to be protected', async () => {
    await expect(write({ body: 'a', idempotencyKey: '' })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'idempotencyKey' }] },
    });
    expect(runs).toBe(0);
  });
});

describe('the same key', () => {
  it('with the same input is the same outcome, as it is now', async () => {
    const first = await idOf(write({ body: 'a', idempotencyKey: 'k' }));
    await orm.em.fork().nativeUpdate(Note, { id: first }, { body: 'changed since' });
    const again = (await write({ body: 'a', idempotencyKey: 'k' })) as Note;
    expect(again).toBeInstanceOf(Note);
    expect(again).toMatchObject({ id: first, body: 'changed since' });
    expect([runs, await notes(), await keys()]).toEqual([1, 1, 1]);
  });

  it('is the same in the header and in the input, and that of the input wins', async () => {
    const first = await idOf(write({ body: 'a' }, { viewer: { idempotencyKey: 'k' } }));
    expect(
      await idOf(write({ body: 'a', idempotencyKey: 'k' }, { viewer: { idempotencyKey: 'other' } })),
    ).toBe(first);
    expect(await keys()).toBe(1);
  });

  it('with the fields in another order is the same input', async () => {
    const first = await idOf(write({ body: { a: 1, b: [{ c: 1, d: start }] }, idempotencyKey: 'k' }));
    expect(await idOf(write({ idempotencyKey: 'k', body: { b: [{ d: start, c: 1 }], a: 1 } }))).toBe(first);
  });

  it.each([
    ['another value', { body: 'b' }],
    ['another order of a list', { body: [2, 1] }],
    ['null for a value', { body: null }],
    ['one field less', {}],
  ] as [string, Input][])('with %s is a conflict, and changes nothing', async (_what, other) => {
    const first = { body: Array.isArray(other.body) ? [1, 2] : 'a', idempotencyKey: 'k' };
    await write(first);
    await expect(write({ ...other, idempotencyKey: 'k' })).rejects.toMatchObject({
      extensions: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect([runs, await notes(), await keys()]).toEqual([1, 1, 1]);
  });

  it('that comes at once many times runs once: the others wait and get the outcome', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => idOf(write({ body: 'a', idempotencyKey: 'k' }))),
    );
    expect(new Set(ids).size).toBe(1);
    expect([runs, await notes()]).toEqual([1, 1]);
  });

  it('waits for the first, and runs itself when the first gives up', async () => {
    let giveUp: (reason: Error) => void = () => undefined;
    const first = idempotent(depsOf(), 'writeNote', { idempotencyKey: 'k' }, () => {
      runs += 1;
      return new Promise<Note>((_resolve, reject) => (giveUp = reject));
    });
    await eventually('the first runs', () => runs || undefined);
    const second = write({ idempotencyKey: 'k' });
    await eventually('the second waits', async () => {
      const waiting = await orm.em
        .fork()
        .execute(
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into idem%'",
        );
      return waiting.length > 0 || undefined;
    });
    expect(runs).toBe(1);
    giveUp(new Error('Given up.'));
    await expect(first).rejects.toThrow('Given up.');
    expect(await second).toBeInstanceOf(Note);
    expect([runs, await keys()]).toEqual([2, 1]);
  });
});

describe('another key', () => {
  it.each([
    ['of another account', { viewer: { account: 'sam' } }],
    ['of another mutation', { mutation: 'rewriteNote' }],
    ['of somebody not logged in', { viewer: { account: null, sid: 'pat' } }],
  ])('is the same text %s', async (_whose, over) => {
    const first = await idOf(write({ body: 'a', idempotencyKey: 'k' }));
    expect(await idOf(write({ body: 'a', idempotencyKey: 'k' }, over))).not.toBe(first);
    expect(await idOf(write({ body: 'b', idempotencyKey: 'k2' }, over))).not.toBe(first);
    expect(await keys()).toBe(3);
  });

  it('is each session’s of those who are not logged in', async () => {
    const one = await idOf(write({ idempotencyKey: 'k' }, { viewer: { account: null, sid: 's1' } }));
    expect(await idOf(write({ idempotencyKey: 'k' }, { viewer: { account: null, sid: 's1' } }))).toBe(one);
    expect(await idOf(write({ idempotencyKey: 'k' }, { viewer: { account: null, sid: 's2' } }))).not.toBe(
      one,
    );
  });

  it('is not one session’s of the same account', async () => {
    const one = await idOf(write({ idempotencyKey: 'k' }, { viewer: { sid: 's1' } }));
    expect(await idOf(write({ idempotencyKey: 'k' }, { viewer: { sid: 's2' } }))).toBe(one);
  });
});

describe('a key that cannot be taken', () => {
  it('is longer than 255 characters', async () => {
    const refused = { extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'idempotencyKey' }] } };
    expect(await write({ idempotencyKey: 'k'.repeat(255) })).toBeInstanceOf(Note);
    await expect(write({ idempotencyKey: 'k'.repeat(256) })).rejects.toMatchObject(refused);
    await expect(write({}, { viewer: { idempotencyKey: 'k'.repeat(256) } })).rejects.toMatchObject(refused);
    expect(runs).toBe(1);
  });

  it('is nobody’s, since all such callers would share it', async () => {
    const nobody = { account: null, sid: null };
    await expect(write({ idempotencyKey: 'k' }, { viewer: nobody })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'idempotencyKey' }] },
    });
    expect(runs).toBe(0);
  });
});

describe('a use case that does not succeed', () => {
  it('by a refusal leaves no key behind: the next try may succeed, also with other input', async () => {
    const refuse = (): Promise<Note | NoteRefused> => Promise.resolve(new NoteRefused());
    expect(await idempotent(depsOf(), 'writeNote', { idempotencyKey: 'k' }, refuse)).toBeInstanceOf(
      NoteRefused,
    );
    expect(await keys()).toBe(0);
    expect(await write({ body: 'better', idempotencyKey: 'k' })).toBeInstanceOf(Note);
  });

  it('by an error is undone with its key, also what it had stored already', async () => {
    const failing = async (deps: RequestDeps, input: Input): Promise<Note> => {
      await writeNote(deps, input);
      throw new Error('It broke.');
    };
    const input = { body: 'a', idempotencyKey: 'k' };
    await expect(idempotent(depsOf(), 'writeNote', input, failing)).rejects.toThrow('It broke.');
    expect([await notes(), await keys()]).toEqual([0, 0]);
    expect(await write(input)).toBeInstanceOf(Note);
  });

  it('since a replay could never find its outcome again, fails the first time already', async () => {
    const plain = (): Promise<object> => Promise.resolve({ id: 'x' });
    await expect(idempotent(depsOf(), 'writeNote', { idempotencyKey: 'k' }, plain)).rejects.toThrow(
      'cannot be read again',
    );
    expect(await keys()).toBe(0);
  });
});

describe('a key grows old', () => {
  const key = { body: 'a', idempotencyKey: 'k' };

  it('and is remembered for 72 hours', async () => {
    const first = await idOf(write(key));
    expect(idempotencyKeptHours).toBe(72);
    expect(await idOf(write(key, { now: hours(72) }))).toBe(first);
  });

  it('and is a new key afterwards, also for other input, and then for 72 hours again', async () => {
    const first = await idOf(write(key));
    const late = hours(72.1);
    const second = await idOf(write({ ...key, body: 'b' }, { now: late }));
    expect(second).not.toBe(first);
    expect(await idOf(write({ ...key, body: 'b' }, { now: hours(144) }))).toBe(second);
    await expect(write(key, { now: late })).rejects.toMatchObject({
      extensions: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('and is used anew once, when many come with it at the same time', async () => {
    await write(key);
    const ids = await Promise.all(Array.from({ length: 6 }, () => idOf(write(key, { now: hours(80) }))));
    expect(new Set(ids).size).toBe(1);
    expect(runs).toBe(2);
  });

  it('and is cleared away by later ones, more of them than come in', async () => {
    await orm.em.fork().execute(
      `insert into idempotency_key (scope, fingerprint, created_at)
       select 'old-' || n, 'x', ?::timestamptz from generate_series(1, 50) n`,
      [start],
    );
    const fresh = (n: number) => write({ idempotencyKey: `fresh-${n}` }, { now: hours(73) });
    await fresh(1);
    expect(await keys()).toBe(31);
    await Promise.all([fresh(2), fresh(3), fresh(4)]);
    expect(await keys()).toBe(4);
  });

  it('and the young are kept', async () => {
    await write(key);
    await write({ idempotencyKey: 'other' }, { now: hours(71) });
    expect(await keys()).toBe(2);
  });
});
