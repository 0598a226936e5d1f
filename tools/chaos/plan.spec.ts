// The plan is the same for the same seed, and has what the profile promises.
import { readOptions } from './options.js';
import { planOf } from './plan.js';
import { profiles } from './profile.js';

const count = (faults: readonly { kind: string }[], kind: string): number =>
  faults.filter((fault) => fault.kind === kind).length;

describe('a plan', () => {
  it('is the same for the same seed and profile, and another for another seed', () => {
    expect(planOf(7, profiles.short)).toEqual(planOf(7, profiles.short));
    expect(planOf(8, profiles.short).acts).not.toEqual(planOf(7, profiles.short).acts);
    expect(planOf(8, profiles.short).faults).not.toEqual(planOf(7, profiles.short).faults);
  });

  it.each([
    ['short', 300, 12, 2, 4, 1],
    ['long', 2_000, 60, 6, 20, 3],
  ] as const)(
    'of the profile %s has %i requests, %i kills, %i stops of PostgreSQL, %i freezes and %i of the broker',
    (name, requests, kills, stops, freezes, brokers) => {
      const { acts, faults, profile } = planOf(1, profiles[name]);
      const twice = acts.filter(({ act }) => act === 'book' || act === 'release').length;
      expect(acts.length + twice).toBeGreaterThanOrEqual(requests);
      expect(['kill', 'database', 'freeze', 'broker'].map((kind) => count(faults, kind))).toEqual([
        kills,
        stops,
        freezes,
        brokers,
      ]);
      for (const { at } of [...acts, ...faults]) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(profile.lastsMs);
      }
    },
  );

  it('never touches the sandbox, which is the world', () => {
    const victims = planOf(1, profiles.long).faults.flatMap((fault) =>
      'victim' in fault ? [fault.victim as string] : [],
    );
    expect(victims).not.toContain('sandbox');
    expect(new Set(victims).size).toBe(7);
  });
});

describe('the command line', () => {
  it('takes a seed and a profile, and makes up a seed where none is given', () => {
    expect(readOptions(['--seed', '42', '--profile', 'long'])).toMatchObject({
      seed: 42,
      profile: { name: 'long' },
    });
    expect(readOptions([]).seed).toBeGreaterThanOrEqual(0);
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--seed', 'x'])).toThrow('whole number');
    expect(() => readOptions(['--profile', 'huge'])).toThrow('short or long');
    expect(() => readOptions(['--sede', '1'])).toThrow('--sede');
  });
});
