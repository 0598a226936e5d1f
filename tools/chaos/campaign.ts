// One campaign: the load and the faults by the plan, healing, quiescence, and what is left for the checker.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { World } from '../demo/world.js';
import type { RunningStack } from '../stack/running-stack.js';
import { Caller } from './caller.js';
import { Clinic } from './clinic.js';
import { raceAgainstDeadline } from './deadline-race.js';
import type { Evidence } from './evidence.js';
import { gather } from './gather.js';
import { History, type Line } from './history.js';
import { Nemesis } from './nemesis.js';
import type { Plan, PlannedAct } from './plan.js';
import { untilQuiet, type Unrest } from './quiet.js';
import { race } from './races.js';
import { play } from './random-load.js';
import { Watching } from './watching.js';

export interface Outcome {
  readonly evidence: Evidence;
  readonly history: readonly Line[];
}

/** How long after the load a request may still wait for its definite answer. */
const patienceMs = 90_000;
/** How many people are at work at once. */
const people = 24;
const quietWithinMs = 60_000;

export async function runCampaign(
  stack: RunningStack,
  folder: string,
  plan: Plan,
  tell: (line: string) => void,
): Promise<Outcome> {
  fs.writeFileSync(path.join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const history = new History(folder);
  const world = new World(() => stack.describe());
  const giveUp = new AbortController();
  const caller = new Caller(history, () => stack.describe(), giveUp.signal);
  const clinic = new Clinic(caller, () => world.now(), String(plan.seed));
  const watching = new Watching(history, () => stack.describe());
  const nemesis = new Nemesis(stack, world, history);
  const indefinite: string[] = [];
  const noted = async (what: string, work: Promise<void>): Promise<void> => {
    await work.catch((error: unknown) => {
      indefinite.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };

  const striking = plan.faults.map((fault) => at(fault.at, () => noted(fault.kind, nemesis.strike(fault))));
  const asking = [
    ...lanesOf(plan.acts).map(async (lane) => {
      for (const act of lane) {
        await pause(Math.max(0, act.at - history.now()));
        await noted(act.act, play({ clinic, watching }, act));
      }
    }),
    ...plan.races.map((one, round) => at(one.at, () => noted(one.race, race(clinic, one.race, round)))),
  ];
  await Promise.all(striking);
  tell(`the load is over after ${seconds(history)}; healing`);
  await nemesis.heal();
  setTimeout(() => {
    giveUp.abort();
  }, patienceMs).unref();
  await Promise.all(asking);
  tell(`all have their answers after ${seconds(history)}`);

  const unrest = await settle(world, clinic, { noted, tell });
  tell(`all is quiet after ${seconds(history)}`);
  // A subscriber hears a moment after everybody else.
  await pause(1_500);
  await watching.stop();
  const evidence = await gather(world, unrest);
  await world.close();
  history.close();
  return {
    evidence: { ...evidence, leftUndone: [...evidence.leftUndone, ...indefinite] },
    history: history.all(),
  };
}

/** Lets all end that ends by itself: holds, lost mails, unpaid bookings, unanswered requests, reminders that come due. */
async function settle(
  world: World,
  clinic: Clinic,
  {
    noted,
    tell,
  }: { noted: (what: string, work: Promise<void>) => Promise<void>; tell: (line: string) => void },
): Promise<Unrest> {
  const quiet = async (when: string): Promise<Unrest> => {
    const unrest = await untilQuiet(world, quietWithinMs);
    if (Object.keys(unrest).length > 0) tell(`not quiet ${when}: ${JSON.stringify(unrest)}`);
    return unrest;
  };
  await quiet('after healing');
  await world.advance({ minutes: 6 });
  await quiet('when holds are over');
  await world.advance({ minutes: 16 });
  await quiet('when payments are due');
  await noted('the race against the deadline', raceAgainstDeadline(world, clinic));
  await quiet('after the race against the deadline');
  await world.advance({ hours: 3 });
  return quiet('in the end');
}

/** Somebody who waits for an answer asks for nothing else meanwhile: a crowd that only grew would be no crowd of people. */
const lanesOf = (acts: readonly PlannedAct[]): PlannedAct[][] =>
  Array.from({ length: people }, (_, lane) => acts.filter((_act, index) => index % people === lane));

async function at(ms: number, work: () => Promise<void>): Promise<void> {
  await pause(ms);
  await work();
}

const seconds = (history: History): string => `${(history.now() / 1_000).toFixed(1)} s`;
