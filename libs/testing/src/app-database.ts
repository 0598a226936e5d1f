// One database as an app has it: an owner that migrates, and a role that only reads and writes rows.
import { createHmac } from 'node:crypto';
import pg from 'pg';
import type { RunningPostgres } from './postgres.js';

export interface AppDatabase {
  readonly name: string;
  /** Owns the tables: migrations only. */
  readonly ownerUrl: string;
  /** What the app connects as: it cannot change or drop a table. */
  readonly url: string;
}

/** Creates the database and its two roles; what exists already is kept. */
export async function createAppDatabase(
  postgres: Pick<RunningPostgres, 'adminUrl'>,
  name: string,
  role = name,
): Promise<AppDatabase> {
  const admin = new URL(postgres.adminUrl());
  const passwordOf = (user: string): string =>
    createHmac('sha256', admin.password).update(user).digest('base64url').slice(0, 24);
  const urlOf = (user: string): string => {
    const url = new URL(postgres.adminUrl(name));
    url.username = user;
    url.password = passwordOf(user);
    return url.toString();
  };
  const owner = `${role}_owner`;
  const app = `${role}_app`;

  await withClient(admin.toString(), async (client) => {
    // Roles belong to the whole server, so suites that start together would race for them.
    await client.query('select pg_advisory_lock(727001)');
    for (const user of [owner, app]) {
      const known = await client.query('select 1 from pg_roles where rolname = $1', [user]);
      if (known.rowCount === 0)
        await client.query(`create role ${quoted(user)} login password '${passwordOf(user)}'`);
    }
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${quoted(name)} owner ${quoted(owner)}`);
    await client.query('select pg_advisory_unlock(727001)');
  });
  await withClient(urlOf(owner), async (client) => {
    await client.query(`grant usage on schema public to ${quoted(app)}`);
    const grant = `alter default privileges for role ${quoted(owner)} grant`;
    await client.query(`${grant} select, insert, update, delete on tables to ${quoted(app)}`);
    await client.query(`${grant} usage, select on sequences to ${quoted(app)}`);
    await client.query(`${grant} usage on schemas to ${quoted(app)}`);
    await client.query(`${grant} execute on functions to ${quoted(app)}`);
  });
  return { name, ownerUrl: urlOf(owner), url: urlOf(app) };
}

/** Drops a database that a suite made. */
export async function dropDatabase(postgres: Pick<RunningPostgres, 'adminUrl'>, name: string): Promise<void> {
  await withClient(postgres.adminUrl(), (client) =>
    client.query(`drop database if exists ${quoted(name)} with (force)`),
  );
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
