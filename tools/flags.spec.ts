// The page of the feature flags tells what the code has: each flag with its kind and default, and no other.
import fs from 'node:fs';
import { featureFlags } from '@caregraph/contracts';

const page = fs.readFileSync(new URL('../docs/feature-flags.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z_.]+)` +\| ([a-z ]+?) +\| `(\w+)` /gm)].map(
  ([, flag, kind, value]) => [flag, kind, value],
);

describe('docs/feature-flags.md', () => {
  it('names each flag with its kind and its default, and no other (GW-007)', () => {
    const known = [...featureFlags].map(([flag, one]) => [
      flag,
      one.kind.replace('-', ' '),
      String(one.default),
    ]);
    expect(rows.sort()).toEqual(known.sort());
  });
});
