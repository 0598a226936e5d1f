// Shows that a zero means something: each planted mistake is switched on in turn, in a stack that has them built in,
// and the invariant that is meant for it must see it.
import fs from 'node:fs';
import path from 'node:path';
import { World } from '../demo/world.js';
import { Caller } from './caller.js';
import { Clinic } from './clinic.js';
import { gather } from './gather.js';
import { History } from './history.js';
import { invariants } from './invariants/all.js';
import { Nemesis } from './nemesis.js';
import { plants, type Plant } from './plants.js';
import { untilQuiet } from './quiet.js';
import type { Report } from './report.js';
import { startRunStack, type RunStack } from './run-stack.js';

/** What a mistake has broken may never become quiet. */
const quietWithinMs = 12_000;

/** Some mistakes show only when two things meet within milliseconds, which a slow machine may keep apart. */
const mostTries = 3;

/** @param only the name of one plant; all when left out. */
export async function prove(report: Report, only: string | undefined): Promise<void> {
  const chosen = plants.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) throw new Error(`No such plant: ${String(only)}.`);
  report.tell(`${chosen.length} planted mistakes, each to be found by the invariant meant for it`);
  const run = await startRunStack({ planted: true, kafka: false });
  const known = new Map<string, Set<string>>();
  try {
    for (const [round, plant] of chosen.entries()) {
      const began = performance.now();
      let why = '';
      let seen: string | undefined;
      let tries = 0;
      while (seen === undefined && tries < mostTries) {
        tries += 1;
        why = `${plant.invariant} says nothing like ${String(plant.says)}`;
        seen = await caught(run, plant, { round, nth: tries, known }).catch((error: unknown) => {
          why = error instanceof Error ? error.message : String(error);
          return undefined;
        });
      }
      const took = `${((performance.now() - began) / 1_000).toFixed(1)} s, ${tries === 1 ? 'at once' : `try ${tries}`}`;
      report.check(
        `${plant.invariant} sees ${plant.name} (${took})${seen ? `: ${seen}` : ''}`,
        seen ? [] : [`not caught: ${why}`],
      );
    }
  } finally {
    const kept = await run.end(report.anyFailed);
    if (kept !== undefined) report.tell(`kept: ${kept}`);
  }
}

/** The violation by which it was found. What was broken by an earlier plant does not count. */
async function caught(
  run: RunStack,
  plant: Plant,
  {
    round,
    nth,
    known,
  }: { readonly round: number; readonly nth: number; readonly known: Map<string, Set<string>> },
): Promise<string | undefined> {
  const { stack, folder } = run;
  await run.plant(plant.name, plant.victims);
  const place = path.join(folder, `${plant.name}-${nth}`);
  fs.mkdirSync(place);
  const history = new History(place);
  const world = new World(() => stack.describe());
  const caller = new Caller(history, () => stack.describe(), AbortSignal.timeout(60_000));
  const clinic = new Clinic(caller, () => world.now(), `${plant.name}-${nth}`);
  const nemesis = new Nemesis(stack, world, history);
  await plant.play({ world, clinic, nemesis, round });
  await nemesis.heal();
  const evidence = await gather(world, await untilQuiet(world, quietWithinMs));
  const found = invariants.map(({ id, violations }) => ({ id, list: violations(evidence, history.all()) }));
  fs.writeFileSync(path.join(place, 'violations.json'), JSON.stringify(found, null, 2));
  history.close();
  await world.close();
  const before = known.get(plant.invariant) ?? new Set<string>();
  for (const { id, list } of found) known.set(id, new Set([...(known.get(id) ?? []), ...list]));
  return found
    .find(({ id }) => id === plant.invariant)
    ?.list.find((violation) => !before.has(violation) && plant.says.test(violation));
}
