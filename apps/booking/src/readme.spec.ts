import { readFileSync } from 'node:fs';
import { catalogue } from '@caregraph/contracts';
import { Appointment } from './appointment/appointment.js';
import { lifecycle } from './appointment/lifecycle.js';
import { consumers } from './consumers.js';
import { holdLifecycle, SlotHold } from './hold/hold.js';
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

/** The text between one heading and the next. */
const section = (heading: string): string => readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

const eventsNamed = (text: string): string[] =>
  [...text.matchAll(/`([a-z-]+\.[a-z-]+\.v\d+)`/g)].map(([, type]) => type ?? '').sort();

describe("booking's README", () => {
  it('shows the lifecycles as the tables have them', () => {
    const diagrams = [...readme.matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, text]) => text);
    expect(diagrams).toEqual([
      diagram(new Appointment().status, lifecycle),
      diagram(new SlotHold().status, holdLifecycle),
    ]);
  });

  it('names every event that booking publishes or consumes, and no other', () => {
    const own = [...catalogue.keys()].filter((type) => type.startsWith('booking.'));
    expect(eventsNamed(section('Events'))).toEqual([...own, ...consumers.map(({ type }) => type)].sort());
  });

  it('names every question and command that booking answers, and no other', () => {
    const schema = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
    const roots = [...schema.matchAll(/^type (?:Query|Mutation|Subscription) \{\n(.*?)^\}/gms)];
    const answered = roots.flatMap(([, fields]) => [...(fields ?? '').matchAll(/^ {2}(\w+)[(:]/gm)]);
    const bullet = /^- \*\*Answers\*\*(.*?)^- \*\*/ms.exec(readme)?.[1] ?? '';
    const named = [...bullet.matchAll(/`(\w+)`/g)];
    const names = (found: RegExpExecArray[]): string[] => found.map(([, name]) => name ?? '').sort();
    expect(names(named)).toEqual(names(answered));
  });

  it('names every job, and no other', () => {
    const named = [...section('Jobs').matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name ?? '');
    expect(named.sort()).toEqual(jobs.map(({ name }) => name).sort());
  });
});
