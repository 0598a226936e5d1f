// A stack for one soak: its own folder, bundles and ports, and before each app a balancer that everybody goes through.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildApp } from '../build.js';
import { seed } from '../demo/seed.js';
import { apps, subgraphs, variablePart } from '../stack/apps.js';
import { choosePorts } from '../stack/ports.js';
import type { RunningStack } from '../stack/running-stack.js';
import type { StackFile } from '../stack/stack-file.js';
import { startStack } from '../stack/start-stack.js';
import { sweepAbandoned } from '../stack/temporary-stack.js';
import { Balancer } from './balancer.js';

const root = path.resolve(import.meta.dirname, '../..');
const prefix = 'caregraph-soak-';
const probe = pathToFileURL(path.join(import.meta.dirname, 'memory-probe.mjs')).href;

/** What is replaced: all but the world outside. */
export const rolled: readonly string[] = apps.map(({ name }) => name).filter((name) => name !== 'sandbox');

export interface SoakStack {
  readonly stack: RunningStack;
  readonly folder: string;
  readonly memory: string;
  readonly balancers: ReadonlyMap<string, Balancer>;
  /** What the apps said of errors. */
  readonly errors: readonly string[];
  /** `stack.json` as clients see it: every address is a balancer's. */
  describe(): StackFile;
  /** Stops all. Of a run that failed the folder stays, and its new place is answered. */
  end(keep: boolean): Promise<string | undefined>;
}

export async function startSoakStack(): Promise<SoakStack> {
  await sweepAbandoned(prefix);
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `${prefix}${process.pid}-`));
  // PostgreSQL may run as another user than we, and must get through.
  fs.chmodSync(folder, 0o711);
  const memory = path.join(folder, 'memory');
  fs.mkdirSync(memory);
  const ports = await choosePorts(apps.map(({ name }) => name));
  const balancers = await balancersBefore(ports);
  const front = (name: string): string => balancers.get(name)?.url ?? '';
  const errors: string[] = [];
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error(`Stopped by ${signal}.`));
    });
  }
  const stack = await startStack({
    dir: folder,
    mode: 'bundle',
    bundles: path.join(folder, 'apps'),
    quiet: true,
    preferredPorts: ports,
    signal: interrupted.signal,
    // A busy disk is not what is looked at.
    postgresSettings: ['fsync=off'],
    tellError: (line) => errors.push(`${new Date().toISOString()} ${line}`),
    prepare: () => build(folder),
    seed,
    variables: (app) => ({ ...ofSoak(memory), ...throughBalancers(app, front) }),
  });
  interrupted.signal.addEventListener('abort', () => {
    void stack.stop().finally(() => process.exit(130));
  });
  const describe = (): StackFile => seenThrough(stack.describe(), front);
  const end = (keep: boolean): Promise<string | undefined> => endAll({ stack, folder, balancers }, keep);
  return { stack, folder, memory, balancers, errors, describe, end };
}

async function balancersBefore(ports: Readonly<Record<string, number>>): Promise<Map<string, Balancer>> {
  const fronts = await choosePorts(rolled);
  const balancers = new Map<string, Balancer>();
  for (const name of rolled) {
    const balancer = await Balancer.listen(fronts[name] ?? 0);
    balancer.add(ports[name] ?? 0);
    balancers.set(name, balancer);
  }
  return balancers;
}

function seenThrough(own: StackFile, front: (name: string) => string): StackFile {
  const gateway = front('gateway');
  return {
    ...own,
    urls: { ...own.urls, ...Object.fromEntries(rolled.map((name) => [name, front(name)])) },
    graphql: `${gateway}/graphql`,
    subscriptions: `${gateway.replace('http', 'ws')}/graphql`,
  };
}

async function endAll(
  { stack, folder, balancers }: Pick<SoakStack, 'stack' | 'folder' | 'balancers'>,
  keep: boolean,
): Promise<string | undefined> {
  await stack.stop();
  for (const balancer of balancers.values()) await balancer.close();
  if (!keep) {
    fs.rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  const kept = folder.replace(`${prefix}${process.pid}-`, 'caregraph-kept-');
  fs.renameSync(folder, kept);
  return kept;
}

const ofSoak = (memory: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${probe}`,
  SOAK_MEMORY_DIR: memory,
  // As the manifests have it: a local stack does without.
  DRAIN_MS: '5000',
  // All of them would be more work than what they tell of.
  OTEL_TRACES_SAMPLER_ARG: '0.02',
  // What is asked is whether a restart loses anything, not when a machine that others use too is overloaded.
  LOAD_MOST_LAG_MS: '5000',
});

/** Where an app finds the others. */
function throughBalancers(app: string, front: (name: string) => string): Record<string, string> {
  if (app === 'gateway')
    return Object.fromEntries(subgraphs.map((name) => [`${variablePart(name)}_URL`, front(name)]));
  if (app === 'sandbox')
    return {
      STRIPE_WEBHOOK_URL: `${front('payments')}/webhooks/stripe`,
      SENDGRID_WEBHOOK_URL: `${front('notifications')}/webhooks/sendgrid`,
    };
  return {};
}

async function build(folder: string): Promise<void> {
  for (const { name } of apps) await buildApp(name, path.join(folder, 'apps', name));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
}
