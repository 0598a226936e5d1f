// `stack.json`: what runs where. Tests, the demo and people's own scripts read it. It holds tokens and passwords, so
// only its owner may read it.
import fs from 'node:fs';
import path from 'node:path';

export interface StackFile {
  readonly startedAt: string;
  readonly mode: 'bundle' | 'source';
  readonly supervisor: { readonly pid: number };
  /** Where clients send GraphQL. */
  readonly graphql: string;
  /** Where clients open GraphQL subscriptions. */
  readonly subscriptions: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  /** Null while an app does not run. */
  readonly pids: Readonly<Record<string, number | null>>;
  readonly postgres: { readonly pid: number; readonly port: number; readonly dir: string };
  /** Where Kafka carries the events; the pid is null where the broker is not the stack's own, or does not run. */
  readonly kafka?: { readonly brokers: string; readonly pid: number | null };
  /** `url` is the app's own role, `ownerUrl` owns the tables. */
  readonly databases: Readonly<Record<string, { readonly url: string; readonly ownerUrl: string }>>;
  readonly identityProvider: {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksUrl: string;
    readonly tokenUrl: string;
  };
  readonly logins: Readonly<Record<string, DemoLogin>>;
  /** The supervisor's control port (`client.ts`). */
  readonly control: { readonly url: string; readonly token: string };
  readonly stripe: { readonly publishableKey: string };
}

export interface DemoLogin {
  readonly login: string;
  readonly role: string;
  readonly name: string;
  readonly account: string;
  /** An access token for 12 hours. */
  readonly token: string;
}

export const stackFileOf = (dir: string): string => path.join(dir, 'stack.json');

/** Replaces the file at once, so that a reader never sees half of it. */
export function writeStackFile(dir: string, content: StackFile): void {
  const file = stackFileOf(dir);
  const next = `${file}.next`;
  fs.writeFileSync(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(next, file);
}

export function readStackFile(file: string): StackFile {
  if (!fs.existsSync(file)) throw new Error(`${file} is not there: no stack runs. Start one with npm start.`);
  return JSON.parse(fs.readFileSync(file, 'utf8')) as StackFile;
}
