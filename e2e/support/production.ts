// A gateway in production mode, in front of the running stack's apps: the same bundle, on a port of its own.
import { existsSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { AppProcess } from '../../tools/stack/app-process.js';
import { apps } from '../../tools/stack/apps.js';
import { inherited, scriptOf } from '../../tools/stack/command.js';
import { environmentOf, urlOf } from '../../tools/stack/environment.js';
import { openLog } from '../../tools/stack/logs.js';
import { choosePorts } from '../../tools/stack/ports.js';
import { markOf } from '../../tools/stack/processes.js';
import { secretsOf } from '../../tools/stack/secrets.js';
import { stack } from './story.js';

export interface ProductionGateway {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  readonly graphql: string;
  readonly subscriptions: string;
  readonly pid: number;
  /** What it has written, for what must not be in it. */
  tail(): string;
  stop(): Promise<void>;
}

export type Variables = Readonly<Record<string, string>>;

const root = path.resolve(import.meta.dirname, '../..');

/** All gateways of a stack count together: what one spec has used up must not be missing in the next. */
async function forgetRates(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('delete from rate_counter');
  await client.end();
}

/** @param over what differs from the stack's gateway, besides NODE_ENV and the port. */
export async function startProductionGateway(over: Variables = {}): Promise<ProductionGateway> {
  const { mode, ports, databases } = stack.describe();
  await forgetRates(databases.gateway?.ownerUrl ?? '');
  const dir = path.dirname(process.env.CAREGRAPH_STACK_FILE ?? '');
  const { gateway: port = 0 } = await choosePorts(['gateway']);
  const place = {
    dir,
    ports: { ...ports, gateway: port },
    databases: Object.fromEntries(
      Object.entries(databases).map(([name, urls]) => [name, { name, ...urls }] as const),
    ),
    secrets: secretsOf(dir),
  };
  const app = apps.find(({ name }) => name === 'gateway');
  if (!app) throw new Error('The stack has no gateway.');
  const bundled = path.join(dir, 'apps');
  const bundles = existsSync(bundled) ? bundled : path.join(root, 'dist', 'apps');
  const log = openLog(dir, `gateway-${port}`, () => undefined);
  // Specs run on machines that are busy with other things: what is asked about is never the lag.
  const production = { NODE_ENV: 'production', LOAD_MOST_LAG_MS: '60000' };
  const env = { ...inherited(), ...environmentOf(app, place), ...production, ...over };
  const gateway = new AppProcess(
    {
      name: 'gateway',
      // The mark of the stack: what a killed run leaves behind is ended with it.
      args: [...scriptOf(app, mode, bundles), markOf(dir)],
      cwd: root,
      env,
      readyUrl: `${urlOf(place, 'gateway')}/readyz`,
    },
    log,
    () => undefined,
    () => undefined,
  );
  gateway.start();
  await gateway.waitReady();
  const url = urlOf(place, 'gateway');
  return {
    url,
    port,
    graphql: `${url}/graphql`,
    subscriptions: `${url.replace('http', 'ws')}/graphql`,
    pid: gateway.pid ?? 0,
    tail: () => log.tail(),
    stop: async () => {
      await gateway.stop();
      log.close();
    },
  };
}
