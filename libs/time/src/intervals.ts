// Sets of half-open intervals [start, end) as one flat, strictly ascending list of whole numbers. Every number is a
// boundary where the set begins or stops, so all set operations are one walk over the boundaries.
import { countUpTo } from './sorted.js';

/**
 * `[start, end, start, end, ...]`, strictly ascending, in any one unit (epoch milliseconds, or minutes). Intervals that
 * overlap, touch or are empty are not in this form: `normalise` makes it. Every function below expects and returns it.
 */
export type Intervals = readonly number[];

/**
 * Makes intervals out of `[start, end, ...]` pairs in any order: drops empty and inverted ones and joins those that
 * overlap or touch. Linear when they come sorted by start. Throws a RangeError on an odd number of boundaries.
 */
export function normalise(pairs: readonly number[]): Intervals {
  if (pairs.length % 2 !== 0) throw new RangeError('Intervals need an end for every start.');
  const result: number[] = [];
  let openUntil = Number.NEGATIVE_INFINITY;
  for (const [start, end] of inOrder(pairs)) {
    if (end <= start) continue;
    if (start > openUntil) result.push(start, end);
    else result[result.length - 1] = Math.max(openUntil, end);
    openUntil = Math.max(openUntil, end);
  }
  return result;
}

/** What is in `a` or in `b`. */
export const union = (a: Intervals, b: Intervals): Intervals => combine(a, b, (inA, inB) => inA || inB);

/** What is in `a` and in `b`. */
export const intersect = (a: Intervals, b: Intervals): Intervals => combine(a, b, (inA, inB) => inA && inB);

/** What is in `a` and not in `b`. */
export const subtract = (a: Intervals, b: Intervals): Intervals => combine(a, b, (inA, inB) => inA && !inB);

/** The part of the intervals within [start, end); nothing when that is empty. Takes no longer than what it returns. */
export function clip(intervals: Intervals, start: number, end: number): Intervals {
  if (end <= start) return [];
  const first = countUpTo(intervals, start);
  const upToEnd = countUpTo(intervals, end);
  const last = intervals[upToEnd - 1] === end ? upToEnd - 1 : upToEnd;
  const result = intervals.slice(first, last);
  if (first % 2 === 1) result.unshift(start);
  if (last % 2 === 1) result.push(end);
  return result;
}

/** Begins each interval `before` earlier and ends it `after` later, then joins; negative numbers make them shorter. */
export function grow(intervals: Intervals, before: number, after: number): Intervals {
  return normalise(
    intervals.map((boundary, index) => (index % 2 === 0 ? boundary - before : boundary + after)),
  );
}

/** Whether all of [start, end) is in the set. An empty range is contained where its start is. */
export function contains(intervals: Intervals, start: number, end: number): boolean {
  const next = countUpTo(intervals, start);
  return next % 2 === 1 && end <= (intervals[next] ?? start);
}

/** Whether any of [start, end) is in the set; touching is not overlapping, and an empty range overlaps nothing. */
export function overlaps(intervals: Intervals, start: number, end: number): boolean {
  if (end <= start) return false;
  const next = countUpTo(intervals, start);
  return next % 2 === 1 || (intervals[next] ?? end) < end;
}

/** How much the set covers, in its unit. */
export const totalLength = (intervals: Intervals): number =>
  intervals.reduce((sum, boundary, index) => (index % 2 === 0 ? sum - boundary : sum + boundary), 0);

/** Walks the boundaries of both sets in order; behind an odd number of its boundaries one is inside a set. */
function combine(a: Intervals, b: Intervals, keep: (inA: boolean, inB: boolean) => boolean): Intervals {
  const result: number[] = [];
  let nextA = 0;
  let nextB = 0;
  let inside = false;
  while (nextA < a.length || nextB < b.length) {
    const boundary = Math.min(a[nextA] ?? Infinity, b[nextB] ?? Infinity);
    if (a[nextA] === boundary) nextA++;
    if (b[nextB] === boundary) nextB++;
    if (keep(nextA % 2 === 1, nextB % 2 === 1) === inside) continue;
    result.push(boundary);
    inside = !inside;
  }
  return result;
}

function inOrder(pairs: readonly number[]): [number, number][] {
  const intervals: [number, number][] = [];
  let sorted = true;
  for (let index = 0; index < pairs.length; index += 2) {
    const start = pairs[index] ?? 0;
    sorted &&= start >= (intervals.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY);
    intervals.push([start, pairs[index + 1] ?? 0]);
  }
  return sorted ? intervals : intervals.sort(([a], [b]) => a - b);
}
