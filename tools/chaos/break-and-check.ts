// A campaign from its start to the verdict.
import fs from 'node:fs';
import path from 'node:path';
import { availabilityOf } from './availability-report.js';
import { runCampaign, type Outcome } from './campaign.js';
import { struckOf, triesOf } from './history.js';
import { invariants } from './invariants/all.js';
import type { Options } from './options.js';
import { planOf } from './plan.js';
import type { Report } from './report.js';
import { startRunStack } from './run-stack.js';

export async function breakAndCheck(report: Report, { seed, profile, kafka }: Options): Promise<void> {
  report.tell(`fault campaign, profile ${profile.name}, seed ${seed}${kafka ? ', over Kafka' : ''}`);
  const run = await startRunStack({ planted: false, kafka });
  let outcome: Outcome;
  try {
    report.tell(`the stack runs in ${run.folder}`);
    outcome = await runCampaign(run.stack, run.folder, planOf(seed, profile), (line) => {
      report.tell(line);
    });
  } catch (error) {
    report.tell(`the campaign broke off; kept in ${(await run.end(true)) ?? ''}`);
    throw error;
  }
  tellOfRun(report, outcome);
  const found = invariants.map(({ id, rule, violations }) => ({
    name: `${id} ${rule}`,
    violations: violations(outcome.evidence, outcome.history),
  }));
  for (const { name, violations } of found) report.check(name, violations);
  if (report.anyFailed) {
    fs.writeFileSync(path.join(run.folder, 'violations.json'), `${JSON.stringify(found, null, 2)}\n`);
    fs.writeFileSync(path.join(run.folder, 'evidence.json'), JSON.stringify(outcome.evidence));
  }
  const kept = await run.end(report.anyFailed);
  if (kept !== undefined) {
    report.tell(`\nkept: ${kept} (history.ndjson, plan.json, violations.json, evidence.json, logs)`);
    report.tell(
      `the same plan again: npm run chaos -- --profile ${profile.name} --seed ${seed}${kafka ? ' --kafka' : ''}`,
    );
  }
}

function tellOfRun(report: Report, { evidence, history }: Outcome): void {
  const tries = triesOf(history);
  const faults = new Map<string, number>();
  for (const { fault } of struckOf(history)) {
    const kind = fault.split(' ')[0] ?? '';
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
  }
  const { requests, withinTwoSeconds, longestMs, afterKillMs, internalErrors } = availabilityOf(history);
  const lost = tries.filter(({ outcome }) => outcome === 'lost').length;
  report.tell(
    `\n${requests} requests (${tries.length} tries, ${lost} without an answer), ${evidence.appointments.length} appointments, ${evidence.holds.length} holds, ${evidence.paymentIntents.length} orders at the processor, ${evidence.mails.length} mails, ${evidence.events.length} events`,
  );
  report.tell(`faults: ${[...faults].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
  report.tell(
    `A1 ${(withinTwoSeconds * 100).toFixed(1)} % answered within 2 s; longest wait ${longestMs} ms; longest after a kill of ${Object.entries(
      afterKillMs,
    )
      .map(([victim, ms]) => `${victim} ${ms} ms`)
      .join(', ')}; ${internalErrors} internal errors\n`,
  );
}
