// The local stack as a library: PostgreSQL, the sandbox, the subgraphs and the gateway, each a process of its own.
// `npm start`, `npm run dev` and the end-to-end tests all run this.
import fs from 'node:fs';
import path from 'node:path';
import { apps as allApps, type AppDefinition } from './apps.js';
import { openCollector } from './collector.js';
import { startDatabases } from './databases.js';
import { usersFile } from './environment.js';
import { lockFolder } from './lock.js';
import { startStackKafka } from '../kafka/stack-kafka.js';
import { choosePorts } from './ports.js';
import { endLeftovers } from './processes.js';
import { secretsOf } from './secrets.js';
import type { StackMode } from './command.js';
import { RunningStack } from './running-stack.js';
import { sandboxUsersText } from '../demo/users.js';

export interface StackOptions {
  /** Data, logs, secrets and `stack.json` lie here. One stack per folder. */
  readonly dir: string;
  /** `bundle` runs dist/apps, `source` runs the TypeScript. */
  readonly mode: StackMode;
  /** Another folder of bundles than dist/apps. */
  readonly bundles?: string;
  /** Taken when it is free, else any free port. Left out: any. */
  readonly preferredGatewayPort?: number;
  /** The same for each app. */
  readonly preferredPorts?: Readonly<Record<string, number>>;
  /** Says nothing on the terminal but errors of the apps. */
  readonly quiet?: boolean;
  /** Runs when all is ready, to fill the stack with demo data. */
  readonly seed?: (stack: RunningStack) => Promise<unknown>;
  /** Must be done before the first app starts (a build); PostgreSQL starts meanwhile. */
  readonly prepare?: () => Promise<unknown>;
  /** Kafka carries the events: a broker of the stack's own, or the one that KAFKA_BROKERS names. */
  readonly kafka?: boolean;
  /** Ends the start, and stops what was started. */
  readonly signal?: AbortSignal;
  /** More settings of PostgreSQL, `name=value`. */
  readonly postgresSettings?: readonly string[];
  /** Gets what the apps say of errors; the terminal when left out. */
  readonly tellError?: (line: string) => void;
  /** What an app gets beside its own variables; asked at each start of it. */
  readonly variables?: (app: string) => Readonly<Record<string, string>>;
  /** Other apps than the product's, for the supervisor's own specs. */
  readonly apps?: readonly AppDefinition[];
}

/**
 * Starts everything and resolves when all of it is ready. Rejects with StackRunning when the folder has one already,
 * and with the app's last lines when one does not start; then nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const dir = path.resolve(options.dir);
  fs.mkdirSync(dir, { recursive: true });
  const unlock = lockFolder(dir);
  const say = options.quiet ? () => undefined : (line: string) => process.stdout.write(`${line}\n`);
  let stack: RunningStack | undefined;
  try {
    const leftovers = await endLeftovers(dir);
    if (leftovers > 0) say(`stopped ${leftovers} processes that an earlier start left behind`);
    stack = await prepareStack(dir, options, unlock, say);
    const stop = (): void => void stack?.stop();
    options.signal?.addEventListener('abort', stop, { once: true });
    await stack.startAll(options.signal);
    await options.seed?.(stack);
    options.signal?.removeEventListener('abort', stop);
    return stack;
  } catch (error) {
    await stack?.stop();
    unlock();
    throw error;
  }
}

async function prepareStack(
  dir: string,
  options: StackOptions,
  unlock: () => void,
  say: (line: string) => void,
): Promise<RunningStack> {
  const apps = options.apps ?? allApps;
  const show = options.tellError ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  const secrets = secretsOf(dir);
  fs.writeFileSync(usersFile(dir), sandboxUsersText, { mode: 0o600 });
  const ports = await choosePorts(
    apps.map(({ name }) => name),
    {
      ...options.preferredPorts,
      ...(options.preferredGatewayPort && { gateway: options.preferredGatewayPort }),
    },
  );

  const events = options.kafka ? startStackKafka(dir, say) : undefined;
  const meanwhile = (): Promise<unknown> => Promise.all([options.prepare?.(), events]);
  const { postgres, startAgain, databases } = await startDatabases(dir, apps, {
    meanwhile,
    settings: options.postgresSettings ?? [],
  }).catch(async (error: unknown) => {
    await events?.then(({ broker }) => broker?.stop()).catch(() => undefined);
    throw error;
  });
  const kafka = await events;
  const collector = await openCollector();
  return new RunningStack({
    dir,
    mode: options.mode,
    bundles: options.bundles ?? path.join('dist', 'apps'),
    apps,
    place: { dir, ports, databases, secrets, kafka: kafka?.variables, tracesUrl: collector.url },
    collector,
    kafka,
    postgres,
    startPostgres: startAgain,
    variables: options.variables ?? (() => ({})),
    say,
    show,
    onStopped: unlock,
  });
}
