import fc from 'fast-check';
import {
  clip,
  contains,
  grow,
  intersect,
  normalise,
  overlaps,
  subtract,
  totalLength,
  union,
  type Intervals,
} from './intervals.js';

// The model is a row of boxes, one per unit of time, each full or empty.
const size = 64;
const boxes = Array.from({ length: size }, (_, index) => index);
const bitmap = (intervals: Intervals): boolean[] => boxes.map((box) => contains(intervals, box, box + 1));
const paint = (pairs: readonly number[]): boolean[] =>
  boxes.map((box) =>
    pairs.some((start, index) => index % 2 === 0 && start <= box && box < (pairs[index + 1] ?? 0)),
  );

const pairs = fc
  .array(fc.tuple(fc.nat(size), fc.nat(size)), { maxLength: 12 })
  .map((list) => list.flatMap((pair) => pair));
const intervals = pairs.map(normalise);
const range = fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const expectNormal = (result: Intervals): void => {
  expect(result.length % 2).toBe(0);
  result.forEach((boundary, index) => {
    if (index > 0) expect(boundary).toBeGreaterThan(result[index - 1] ?? Infinity);
  });
};

describe('intervals', () => {
  it('normalises pairs in any order to strictly ascending boundaries that cover the same time', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const result = normalise(list);
        expectNormal(result);
        expect(
          boxes.map((box) =>
            result.some((start, i) => i % 2 === 0 && start <= box && box < (result[i + 1] ?? 0)),
          ),
        ).toEqual(paint(list));
      }),
    );
  });

  it.each([
    ['union', union, (a: boolean, b: boolean) => a || b],
    ['intersect', intersect, (a: boolean, b: boolean) => a && b],
    ['subtract', subtract, (a: boolean, b: boolean) => a && !b],
  ] as const)('%s is the set operation of that name, in normal form', (_, operation, model) => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const result = operation(a, b);
        expectNormal(result);
        const [inA, inB] = [bitmap(a), bitmap(b)];
        expect(bitmap(result)).toEqual(boxes.map((box) => model(inA[box] === true, inB[box] === true)));
      }),
    );
  });

  it('contains a range when every moment of it is in the set, and overlaps it when any is', () => {
    fc.assert(
      fc.property(intervals, range, (set, [start, end]) => {
        fc.pre(start < end);
        const within = bitmap(set).slice(start, end);
        expect(contains(set, start, end)).toBe(within.every(Boolean));
        expect(overlaps(set, start, end)).toBe(within.some(Boolean));
      }),
    );
  });

  it('clips to a range', () => {
    fc.assert(
      fc.property(intervals, range, (set, [start, end]) => {
        const full = bitmap(set);
        expect(bitmap(clip(set, start, end))).toEqual(
          boxes.map((box) => full[box] === true && start <= box && box < end),
        );
      }),
    );
  });

  it('grows each interval on both sides, and joins what then touches', () => {
    fc.assert(
      fc.property(intervals, fc.nat(5), fc.nat(5), (set, before, after) => {
        const grown = grow(set, before, after);
        expectNormal(grown);
        expect(subtract(set, grown)).toEqual([]);
        const touched = boxes.map((box) => overlaps(set, box - after, box + before + 1));
        expect(bitmap(grown)).toEqual(touched);
      }),
    );
  });

  it('shrinks each interval with negative numbers, down to nothing', () => {
    expect(grow([0, 10, 20, 24], -2, -2)).toEqual([2, 8]);
    expect(grow([0, 10, 20, 30], 0, -5)).toEqual([0, 5, 20, 25]);
  });

  it('knows how much it covers', () => {
    expect(totalLength([0, 10, 20, 24])).toBe(14);
  });

  it('is half-open: touching intervals join, touching ranges do not overlap', () => {
    expect(normalise([10, 20, 20, 30])).toEqual([10, 30]);
    expect(overlaps([10, 20], 20, 30)).toBe(false);
    expect(overlaps([10, 20], 0, 10)).toBe(false);
    expect(contains([10, 20], 10, 20)).toBe(true);
    expect(contains([10, 20, 20.5, 30], 15, 25)).toBe(false);
  });

  it('treats empty and inverted ranges as nothing', () => {
    expect(normalise([20, 10, 5, 5])).toEqual([]);
    expect(overlaps([0, 10], 5, 5)).toBe(false);
    expect(clip([0, 10], 8, 8)).toEqual([]);
    expect(clip([0, 10], 9, 3)).toEqual([]);
  });

  it('refuses a start without an end', () => {
    expect(() => normalise([1, 2, 3])).toThrow(RangeError);
  });
});
