import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { spawn } from 'node:child_process';
import fastify from 'fastify';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import {
  addProbes,
  createMetrics,
  migrateDatabase,
  migrationsApplied,
  openDatabase,
  type DatabaseParts,
} from './index.js';

const RoomSchema = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: { id: p.integer().primary() },
});
class Room extends RoomSchema.class {}
RoomSchema.setClass(Room);

class CreateRoom extends Migration {
  override up(): void {
    this.addSql('create table room (id int primary key)');
  }
}
class NameRooms extends Migration {
  override up(): void {
    this.addSql('alter table room add column name text');
  }
}
const older: DatabaseParts = {
  entities: [RoomSchema],
  migrations: [{ name: '20261101T0900-room', class: CreateRoom }],
};
const newer: DatabaseParts = {
  ...older,
  migrations: [...older.migrations, { name: '20261102T0900-room-name', class: NameRooms }],
};

describe('a database on the way from one version to the next', () => {
  let database: SuiteDatabase;
  let orm: MikroORM;
  beforeEach(async () => {
    database = await suiteDatabase();
    orm = await openDatabase(database.url, older);
  });
  afterEach(async () => {
    await orm.close();
    await database.drop();
  });

  const readiness = async (parts: DatabaseParts): Promise<unknown> => {
    const server = fastify();
    const checks = { migrations: migrationsApplied(orm, parts) };
    addProbes(server, { checks, closing: () => false, metrics: createMetrics('spec') });
    const { statusCode, body } = await server.inject('/readyz');
    return [statusCode, (JSON.parse(body) as { failing: unknown }).failing];
  };

  it('lets no version serve before its own migrations have run, and the one before it go on serving', async () => {
    expect(await readiness(older)).toEqual([503, ['migrations']]);
    await migrateDatabase(database.ownerUrl, older);
    expect(await readiness(older)).toEqual([200, []]);
    expect(await readiness(newer)).toEqual([503, ['migrations']]);
    await migrateDatabase(database.ownerUrl, newer);
    expect([await readiness(newer), await readiness(older)]).toEqual([
      [200, []],
      [200, []],
    ]);
  });

  it('is reached without TLS by nobody who asked for it', async () => {
    const url = `${database.url}?sslmode=require`;
    await expect(openDatabase(url, older)).rejects.toThrow('does not support SSL');
    const owner = `${database.ownerUrl}?sslmode=require`;
    await expect(migrateDatabase(owner, older)).rejects.toThrow('does not support SSL');
  });
});

describe('a process that only migrates', () => {
  let database: SuiteDatabase;
  beforeEach(async () => {
    database = await suiteDatabase();
  });
  afterEach(() => database.drop());

  const run = (environment: Record<string, string>): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      const entry = 'apps/calendar-sync/src/migrate.ts';
      const child = spawn(process.execPath, ['--import', 'tsx', entry], { env: environment });
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      child.stderr.on('data', (text: Buffer) => (output += text.toString()));
      child.once('close', (code) => {
        resolve({ code, output });
      });
    });

  it("needs the owner's address and nothing else, brings the tables up to date, and ends", async () => {
    expect(await run({ MIGRATION_DATABASE_URL: database.ownerUrl })).toMatchObject({ code: 0 });
    const orm = await openDatabase(database.url, older);
    const rows = await orm.em.fork().execute<unknown[]>('select 1 from migration');
    await orm.close();
    expect(rows.length).toBeGreaterThan(0);
  }, 120_000);

  it('ends with 1 when it could not migrate, and tells no password', async () => {
    const nowhere = new URL(database.ownerUrl);
    nowhere.pathname = '/nowhere';
    const { code, output } = await run({ MIGRATION_DATABASE_URL: nowhere.toString() });
    expect(code).toBe(1);
    expect(output).toContain('could not be migrated');
    expect(output).not.toContain(nowhere.password);
  }, 120_000);
});
