// A soak from its start to the verdict.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Clinic } from '../chaos/clinic.js';
import type { Evidence } from '../chaos/evidence.js';
import { gather } from '../chaos/gather.js';
import { History } from '../chaos/history.js';
import { invariants } from '../chaos/invariants/all.js';
import { untilQuiet } from '../chaos/quiet.js';
import { randomOf } from '../chaos/random.js';
import type { Report } from '../chaos/report.js';
import { World } from '../demo/world.js';
import { AskOnce } from './ask-once.js';
import { Audience } from './audience.js';
import { failuresOf, missedBy, type Change, type Subscriber } from './live-log.js';
import { work } from './load.js';
import { changesIn, tellOfLive, tellOfLoad, tellOfMemory } from './findings.js';
import type { Options } from './options.js';
import { Rolling } from './rolling.js';
import { startSoakStack, type SoakStack } from './soak-stack.js';

/** So much for what nobody hears at once: the last events after the last request. */
const afterwardsMs = 22_000;
const quietWithinMs = 90_000;
/** Also of a run without a failure the folder may be kept. */
const keep = process.env.CAREGRAPH_KEEP === '1';

export async function soak(report: Report, options: Options): Promise<void> {
  const { minutes, rate, sockets, streams, seed } = options;
  report.tell(
    `soak of ${minutes} minutes, ${rate} requests a second, ${sockets} subscriptions over WebSockets, ${streams} streams, seed ${seed}`,
  );
  const run = await startSoakStack();
  try {
    report.tell(`the stack runs in ${run.folder}`);
    await loadAndCheck(run, report, options);
  } catch (error) {
    report.tell(`the soak broke off; kept in ${(await run.end(true)) ?? ''}`);
    throw error;
  }
  const kept = await run.end(report.anyFailed || keep);
  if (kept !== undefined)
    report.tell(`\nkept: ${kept} (history.ndjson, live.json, violations.json, memory, logs)`);
}

async function loadAndCheck(run: SoakStack, report: Report, options: Options): Promise<void> {
  const history = new History(run.folder);
  const world = new World(() => run.describe());
  const asking = new AskOnce(history, () => run.describe());
  const clinic = new Clinic(asking, () => Promise.resolve(new Date()), String(options.seed));
  const audience = new Audience(run.describe(), randomOf(options.seed + 1), clinic.known);
  const rolling = new Rolling(run);
  const tell = (line: string): void => {
    report.tell(`  ${(history.now() / 1_000).toFixed(0).padStart(4)} s  ${line}`);
  };

  audience.begin(options);
  let isOver = false;
  const working = work(clinic, randomOf(options.seed), { rate: options.rate, isOver: () => isOver });
  const lastsMs = options.minutes * 60_000;
  // Nobody stops working while something is still being replaced.
  await Promise.all([pause(lastsMs), rolling.replaceAll(lastsMs, tell)]);
  isOver = true;
  await working;
  const loadedMs = history.now();
  tell('the load is over');
  await pause(afterwardsMs);
  await audience.end();
  await asking.close();
  const errors = [...run.errors];
  const evidence = await settled(world);
  tell('all is quiet');
  await world.close();
  history.close();

  report.tell('');
  tellOfLoad(report, { asking, evidence, lastsMs: loadedMs });
  const { subscribers } = audience;
  const changes = changesIn(evidence);
  tellOfLive(report, subscribers, changes);
  const memory = tellOfMemory(report, run.memory, rolling.lives);
  report.tell('');
  const found = findingsOf({ asking, rolling, subscribers, changes, errors, memory, evidence, history });
  for (const { name, violations } of found) report.check(name, violations);
  if (!report.anyFailed && !keep) return;
  const note = (name: string, content: unknown): void => {
    fs.writeFileSync(path.join(run.folder, name), JSON.stringify(content, null, 1));
  };
  note('violations.json', found);
  note('live.json', { subscribers, changes });
  note('replaced.json', rolling.replaced);
}

interface Seen {
  readonly asking: AskOnce;
  readonly rolling: Rolling;
  readonly subscribers: readonly Subscriber[];
  readonly changes: readonly Change[];
  readonly errors: readonly string[];
  readonly memory: ReturnType<typeof tellOfMemory>;
  readonly evidence: Evidence;
  readonly history: History;
}

interface Finding {
  readonly name: string;
  readonly violations: readonly string[];
}

function findingsOf({ asking, rolling, subscribers, changes, errors, memory, ...left }: Seen): Finding[] {
  return [
    { name: 'S1 no request failed', violations: asking.failures },
    { name: 'S2 every process that was replaced ended by itself in time', violations: notInOrder(rolling) },
    {
      name: 'S3 no subscriber missed a change that no mark tells of',
      violations: subscribers.flatMap((one) => missedBy(one, changes)),
    },
    { name: 'S4 no subscription failed', violations: subscribers.flatMap(failuresOf) },
    { name: 'S5 no app logged an error', violations: errors },
    // Too short a run tells nothing of it.
    ...(memory.judged ? [{ name: 'S6 no process keeps memory', violations: memory.leaks }] : []),
    // What C11 asks is in S3, with what was meanwhile.
    ...invariants
      .filter(({ id }) => id !== 'C11')
      .map(({ id, rule, violations }) => ({
        name: `${id} ${rule}`,
        violations: violations(left.evidence, left.history.all()),
      })),
  ];
}

/** What ends by itself may end: holds, unpaid bookings, reminders that come due. */
async function settled(world: World): Promise<Evidence> {
  await untilQuiet(world, quietWithinMs);
  await world.advance({ minutes: 6 });
  await untilQuiet(world, quietWithinMs);
  await world.advance({ minutes: 16 });
  await untilQuiet(world, quietWithinMs);
  await world.advance({ hours: 3 });
  return gather(world, await untilQuiet(world, quietWithinMs));
}

const notInOrder = ({ replaced }: Rolling): string[] =>
  replaced.flatMap(({ app, ended, tookMs }) =>
    ended === 0 ? [] : [`${app} ended with ${String(ended)} after ${tookMs} ms`],
  );
