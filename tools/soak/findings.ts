// What a run was like, in a few lines: how much was asked and answered, who heard what, what each process held.
import type { Evidence } from '../chaos/evidence.js';
import type { Report } from '../chaos/report.js';
import type { AskOnce } from './ask-once.js';
import { delaysOf, type Change, type Subscriber } from './live-log.js';
import { growthOf, leakIn, mebibytes, samplesOf } from './memory.js';
import type { Life } from './rolling.js';

/** Each version that an appointment has had, with its instant. */
export function changesIn({ appointments, audit }: Pick<Evidence, 'appointments' | 'audit'>): Change[] {
  const known = new Map(appointments.map((one) => [one.id, one]));
  const first = new Map<string, Change>();
  for (const { appointmentId, version, at } of audit) {
    const appointment = known.get(appointmentId);
    const key = `${appointmentId} ${version}`;
    const before = first.get(key);
    if (!appointment || (before && before.at <= at.getTime())) continue;
    const { providerId, practiceId } = appointment;
    first.set(key, { appointmentId, providerId, practiceId, version, at: at.getTime() });
  }
  return [...first.values()];
}

export function tellOfLoad(
  report: Report,
  { asking, evidence, lastsMs }: { asking: AskOnce; evidence: Evidence; lastsMs: number },
): void {
  const took = asking.tookMs;
  const refused = [...asking.refusals].map(([code, count]) => `${count} ${code}`).join(', ');
  report.tell(
    `${took.length} requests, ${((took.length / lastsMs) * 1_000).toFixed(1)} a second, ${asking.failures.length} failed; answered in ${spread(took)}`,
  );
  report.tell(`refused by the rules of the house: ${refused === '' ? 'none' : refused}`);
  report.tell(
    `${evidence.appointments.length} appointments, ${evidence.holds.length} holds, ${evidence.paymentIntents.length} orders and ${evidence.processorRefunds.length} refunds at the processor, ${evidence.mails.length} mails, ${evidence.events.length} events`,
  );
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `${at(0.5)} ms (p50), ${at(0.99)} ms (p99), ${at(1)} ms (longest)`;
}

export function tellOfLive(
  report: Report,
  subscribers: readonly Subscriber[],
  changes: readonly Change[],
): void {
  const heard = subscribers.flatMap((one) => one.heard);
  const count = (kind: string): number => heard.filter((line) => line.kind === kind).length;
  const marks = heard.filter((line) => line.kind === 'event' && line.resync).length + count('resync');
  const codes = new Map<string, number>();
  for (const line of heard) if (line.kind === 'cut') codes.set(line.code, (codes.get(line.code) ?? 0) + 1);
  const cuts = [...codes].map(([code, times]) => `${times} times ${code}`).join(', ');
  report.tell(
    `${subscribers.length} subscriptions heard ${count('event')} events of ${changes.length} changes, ${marks} marks of a resync; connections ended by the gateway: ${cuts === '' ? 'none' : cuts}`,
  );
  const delays = subscribers.flatMap((one) => delaysOf(one, changes));
  report.tell(`from a change to its subscribers: ${spread(delays)}`);
}

/** What each process held; `judged` is false when none lived long enough to tell. */
export function tellOfMemory(
  report: Report,
  folder: string,
  lives: readonly Life[],
): { readonly leaks: string[]; readonly judged: boolean } {
  const leaks: string[] = [];
  let judged = false;
  for (const { app, pid } of lives) {
    const samples = samplesOf(folder, pid);
    const growth = growthOf(samples);
    const name = `${app} (${pid})`;
    if (!growth) continue;
    judged = true;
    leaks.push(...leakIn(name, growth));
    const { grown, held, rss, requests } = growth;
    report.tell(
      `memory of ${name}: holds ${mebibytes(held)} after a collection, ${mebibytes(grown)} more than at first, ${requests} requests between; ${mebibytes(rss)} from the system`,
    );
  }
  if (!judged) report.tell('memory: no process lived long enough to tell a leak from noise');
  return { leaks, judged };
}
