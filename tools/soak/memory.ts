// Whether a process keeps what it should let go: by what is left after the garbage was collected, not by what the system
// has given it.
import fs from 'node:fs';
import path from 'node:path';

/** As memory-probe.mjs writes it. */
export interface Sample {
  readonly at: number;
  /** Bytes that the system has given. */
  readonly rss: number;
  /** Bytes on the heap and beside it, after a collection. */
  readonly held: number;
  /** HTTP requests served so far. */
  readonly requests: number;
}

export interface Growth {
  /** Bytes that were held more in the last third than in the first. */
  readonly grown: number;
  /** Requests that were served between the middles of the two. */
  readonly requests: number;
  readonly held: number;
  readonly rss: number;
}

/** Caches fill, code is compiled, tokens that count once are remembered for a minute. */
const warmUpMs = 120_000;
/** Less says nothing: two thirds of it must hold enough requests to tell a leak from noise. */
const leastMs = 150_000;
/** What the noise of a process comes to: code goes on being compiled for minutes. */
const noise = 2_621_440;
/** A leak of a KiB for each request is twice this. */
const perRequest = 512;

/** How it grew after it had warmed up; undefined for a process that did not live long enough to tell. */
export function growthOf(samples: readonly Sample[]): Growth | undefined {
  const [first] = samples;
  const warm = samples.filter(({ at }) => at >= (first?.at ?? 0) + warmUpMs);
  const [begin, end] = [warm[0], warm.at(-1)];
  if (!begin || !end || end.at - begin.at < leastMs) return undefined;
  const third = Math.floor(warm.length / 3);
  const [early, late] = [warm.slice(0, third), warm.slice(-third)];
  const between = (of: (sample: Sample) => number): number => median(late.map(of)) - median(early.map(of));
  return {
    grown: between(({ held }) => held),
    requests: between(({ requests }) => requests),
    held: median(late.map(({ held }) => held)),
    rss: median(late.map(({ rss }) => rss)),
  };
}

/** How much it may have grown: half of what a leak of a KiB for each request would come to, and the noise. */
export const allowed = ({ requests }: Growth): number => noise + perRequest * requests;

/** In words, if it grew more than that. */
export function leakIn(name: string, growth: Growth): string[] {
  if (growth.grown <= allowed(growth)) return [];
  return [
    `${name} holds ${mebibytes(growth.grown)} more after ${growth.requests} requests, at most ${mebibytes(allowed(growth))} would be noise`,
  ];
}

export const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/** All samples of a process; none of one that ended before its first. */
export function samplesOf(folder: string, pid: number): Sample[] {
  const file = path.join(folder, `${pid}.ndjson`);
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Sample);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
