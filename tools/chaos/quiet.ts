// Quiescence: nothing waits to be sent, heard, done or delivered any more. Jobs that are planned for later do not count.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { World } from '../demo/world.js';
import type { StackFile } from '../stack/stack-file.js';

/** What is still to be done, by name; empty when all is quiet. */
export type Unrest = Readonly<Record<string, number>>;

const consuming = ['booking', 'scheduling', 'payments', 'notifications', 'calendar-sync', 'platform'];

/** Resolves when nothing was to be done twice in a row; after `withinMs` with what there still is. */
export async function untilQuiet(world: World, withinMs: number): Promise<Unrest> {
  const until = performance.now() + withinMs;
  let calm = 0;
  for (;;) {
    const unrest = await unrestOf(world);
    calm = Object.keys(unrest).length === 0 ? calm + 1 : 0;
    if (calm === 2) return {};
    if (performance.now() > until) return unrest;
    await pause(250);
  }
}

async function unrestOf(world: World): Promise<Unrest> {
  const stack = world.read();
  const counts = await Promise.all([
    ...Object.entries(stack.databases)
      .filter(([name]) => name !== 'event_log')
      .map(([name, { ownerUrl }]) => waitingIn(name, ownerUrl)),
    ...consuming.map((app) => lagOf(stack, app)),
    webhooksOf(world),
  ]);
  return Object.fromEntries(counts.flat().filter(([, count]) => count > 0));
}

type Count = readonly [what: string, count: number];

async function waitingIn(name: string, url: string): Promise<Count[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const outbox = await client.query<{ count: number }>(
      'select count(*)::int as count from outbox where published_at is null',
    );
    const jobs = await client.query<{ exists: boolean }>(
      `select to_regclass('jobs.job_common') is not null as exists`,
    );
    const waiting = jobs.rows[0]?.exists ? await client.query<{ count: number }>(jobsToDo) : undefined;
    return [
      [`events of ${name} to publish`, outbox.rows[0]?.count ?? 0],
      [`jobs of ${name} to do`, waiting?.rows[0]?.count ?? 0],
    ];
  } catch {
    return [[`answers of ${name}'s database`, 1]];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const jobsToDo = `select count(*)::int as count from jobs.job_common
   where name <> 'dead-jobs' and (state in ('active', 'retry') or (state = 'created' and start_after <= now()))`;

/** By the app's own account, so that it is the same over each transport. */
async function lagOf({ urls }: StackFile, app: string): Promise<Count[]> {
  try {
    const response = await fetch(`${urls[app] ?? ''}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return [[`events for ${app} to hear`, lagIn(await response.text())]];
  } catch {
    return [[`answers of ${app}`, 1]];
  }
}

/** Throws when the app does not tell its lag: silence must not pass for quiet. */
export function lagIn(metrics: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith('caregraph_consumer_lag{'));
  if (lines.length === 0) throw new Error('The app does not tell its lag.');
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

async function webhooksOf(world: World): Promise<Count[]> {
  const channels = await world.sandbox<Record<string, { held: number; unanswered: number }>>(
    'GET',
    '/_sandbox/webhooks',
  );
  return Object.entries(channels).map(([vendor, { unanswered }]) => [`webhooks of ${vendor}`, unanswered]);
}
