// Makes the secrets of compose.yaml in a volume: key rings, keys of the sandbox's vendors, the demo's logins, and
// PostgreSQL's roles with their passwords. Runs before everything else, as root; what is there already stays.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { sandboxUsersText } from './demo/users.js';
import { apps } from './stack/apps.js';
import { makeRings } from './stack/rings.js';

/** Who runs in the apps' images. */
const appUser = 10_001;

const word = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Writes a file that is not there yet. Returns what it holds. */
function once(file: string, make: () => string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, `${make()}\n`);
  return fs.readFileSync(file, 'utf8').trim();
}

const roles = (database: string, password: string): string => `
create role ${database}_owner login password '${password}';
create role ${database}_app login password '${password}';
create database ${database} owner ${database}_owner;
\\connect ${database}
grant usage on schema public to ${database}_app;
alter default privileges for role ${database}_owner grant select, insert, update, delete on tables to ${database}_app;
alter default privileges for role ${database}_owner grant usage, select on sequences to ${database}_app;
alter default privileges for role ${database}_owner grant usage on schemas to ${database}_app;
alter default privileges for role ${database}_owner grant execute on functions to ${database}_app;
`;

export function makeComposeSecrets(dir: string): void {
  makeRings(dir);
  once(path.join(dir, 'values/STRIPE_SECRET_KEY'), () => `sk_test_${word(24)}`);
  once(path.join(dir, 'values/STRIPE_PUBLISHABLE_KEY'), () => `pk_test_${word(24)}`);
  once(path.join(dir, 'values/SENDGRID_API_KEY'), () => `SG.${word(16)}.${word(32)}`);
  // No secret, and those of this version: nothing is kept for them.
  fs.writeFileSync(path.join(dir, 'values/SANDBOX_USERS'), sandboxUsersText);
  const password = once(path.join(dir, 'postgres/password'), () => word(24));
  const stored = apps.flatMap(({ name, database }) => (database === undefined ? [] : [{ name, database }]));
  once(path.join(dir, 'postgres/initdb.d/databases.sql'), () =>
    stored.map(({ database }) => roles(database, password)).join(''),
  );
  for (const { name, database } of stored) {
    const urlOf = (role: string): string =>
      `postgresql://${database}_${role}:${password}@postgres:5432/${database}`;
    once(path.join(dir, 'databases', name, 'DATABASE_URL'), () => urlOf('app'));
    once(path.join(dir, 'databases', name, 'MIGRATION_DATABASE_URL'), () => urlOf('owner'));
  }
  fs.mkdirSync(path.join(dir, 'sandbox'), { recursive: true });
}

/** Gives the apps' user what it reads and writes. PostgreSQL, which is another user, may read its own part. */
function handOver(dir: string): void {
  for (const part of ['keys', 'values', 'databases', 'sandbox']) {
    const folder = path.join(dir, part);
    for (const file of ['.', ...fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })])
      fs.chownSync(path.join(folder, file), appUser, appUser);
  }
}

if (process.argv[1] === import.meta.filename) {
  const dir = process.argv[2] ?? '';
  if (!path.isAbsolute(dir)) throw new Error('usage: compose-secrets.ts <absolute folder>');
  makeComposeSecrets(dir);
  handOver(dir);
}
