import { readFileSync } from 'node:fs';
import { catalogue } from '@caregraph/contracts';
import { consumers } from './consumers.js';
import * as membership from './membership/lifecycle.js';
import { Membership } from './membership/membership.js';
import * as partnerKey from './partner-key/lifecycle.js';
import { PartnerKey } from './partner-key/partner-key.js';
import { jobs } from './work.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

type Table = Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>>;

const diagram = (initial: string, table: Table): string =>
  [
    'stateDiagram-v2',
    `  [*] --> ${initial}`,
    ...Object.entries(table).flatMap(([verb, { from, to }]) =>
      from.map((status) => `  ${status} --> ${to}: ${verb}`),
    ),
  ].join('\n');

const section = (heading: string): string => readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const named = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name ?? '').sort();

describe("the platform's README", () => {
  it('shows the lifecycles as the tables have them', () => {
    expect([...readme.matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, text]) => text)).toEqual([
      diagram(new Membership().status, membership.lifecycle),
      diagram(new PartnerKey().status, partnerKey.lifecycle),
    ]);
  });

  it('names every event that the platform publishes or consumes, and no other', () => {
    const own = [...catalogue.keys()].filter((type) => type.startsWith('platform.'));
    const all = [...own, ...consumers.map(({ type }) => type)].sort();
    expect(named(section('Events'), /`([a-z-]+\.[a-z-]+\.v\d+)`/g)).toEqual(all);
  });

  it('names every question and command that the platform answers, and no other', () => {
    const schema = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
    const roots = [...schema.matchAll(/^type (?:Query|Mutation) \{\n(.*?)^\}/gms)];
    const answered = roots.flatMap(([, fields]) => named(fields ?? '', /^ {2}(\w+)[(:]/gm)).sort();
    const bullet = /^- \*\*Answers\*\*(.*?)^- \*\*/ms.exec(readme)?.[1] ?? '';
    expect(named(bullet, /`(\w+)`/g)).toEqual(answered);
  });

  it('names every job, and no other', () => {
    expect(named(section('Jobs'), /^\| `([a-z-]+)`/gm)).toEqual(jobs.map(({ name }) => name).sort());
  });
});
