import { growthOf, leakIn, type Sample } from './memory.js';

/** Samples every ten seconds of a process that serves 20 requests a second. */
const samples = (minutes: number, held: (requests: number, nth: number) => number): Sample[] =>
  Array.from({ length: minutes * 6 }, (_, nth) => {
    const requests = nth * 200;
    return { at: nth * 10_000, rss: 0, held: held(requests, nth), requests };
  });

const base = 60 * 1_048_576;
/** Up and down by half a MiB. */
const noisy = (nth: number): number => ((nth * 37) % 11) * 50_000;
const told = (list: Sample[]): string[] => {
  const growth = growthOf(list);
  if (!growth) throw new Error('It did not live long enough.');
  return leakIn('gateway', growth);
};

describe('memory', () => {
  it('is flat where a process holds the same, with some noise', () => {
    expect(told(samples(8, (_requests, nth) => base + noisy(nth)))).toEqual([]);
  });

  it('is flat where caches filled in the first two minutes', () => {
    expect(told(samples(8, (_requests, nth) => base + Math.min(nth, 11) * 4_000_000 + noisy(nth)))).toEqual(
      [],
    );
  });

  it('is not flat where each request leaves a KiB behind', () => {
    expect(told(samples(10, (requests, nth) => base + requests * 1_024 + noisy(nth)))).toEqual([
      expect.stringMatching(/gateway holds .* MiB more after \d+ requests/),
    ]);
  });

  it('is not judged of a process that lived too shortly', () => {
    expect(growthOf(samples(4, () => base))).toBeUndefined();
    expect(growthOf([])).toBeUndefined();
  });
});
