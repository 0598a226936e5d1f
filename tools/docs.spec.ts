// The documents against the code, in both directions: what is named exists, and what exists is named.
import fs from 'node:fs';
import path from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';
import { catalogue } from '@caregraph/contracts';
import { commonConfig, databaseConfig } from '@caregraph/runtime';
import { errorCodes } from '@caregraph/subgraph';
import { metricTable } from './alerts/metric-table.js';
import { readGroups } from './alerts/rules.js';
import { ownVariables } from './manifests/variables.js';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const glob = (...patterns: string[]): string[] => fs.globSync(patterns, { cwd: root }).sort();

const documents = glob(
  '*.md',
  'docs/*.md',
  'docs/adr/*.md',
  'docs/runbooks/*.md',
  'apps/*/README.md',
  'libs/*/README.md',
);
const sources = glob('apps/*/src/**/*.ts', 'libs/*/src/**/*.ts').filter((file) => !file.endsWith('.spec.ts'));
const everyDocument = documents.map((file) => read(file)).join('\n');

const matches = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found ?? '')),
];
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** Sections of the second level, by heading. */
const sectionsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
  );

/** What stands in backticks in the first column of tables whose heads begin with this word. */
function firstColumn(text: string, head: string): string[] {
  const tables = text
    .split('\n\n')
    .filter((block) => new RegExp(`^\\| ${head} +\\|`).test(block.trimStart()));
  const cells = tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => row.split('|')[1] ?? ''),
  );
  return cells.flatMap((cell) => matches(cell, /`([^`]+)`/g));
}

describe('docs/errors.md', () => {
  const sections = sectionsOf(read('docs/errors.md'));

  it('names every error code, and no other', () => {
    expect(firstColumn(sections.get('Errors') ?? '', 'code').sort()).toEqual([...errorCodes].sort());
  });

  it('names every refusal under the app or library that returns it, and no other', () => {
    const inCode: Record<string, string[]> = {};
    for (const file of sources) {
      const owner = file.split('/')[1] ?? '';
      const codes = matches(read(file), /readonly code = '([A-Z_]+)'/g);
      if (codes.length > 0) inCode[owner] = sorted([...(inCode[owner] ?? []), ...codes]);
    }
    sections.delete('Errors');
    const inDocs = [...sections].map(([owner, text]) => [owner, sorted(firstColumn(text, 'code'))] as const);
    expect(Object.fromEntries(inDocs)).toEqual(inCode);
  });
});

describe('events in the documents', () => {
  it('are listed in docs/events.md, each and no other', () => {
    expect(sorted(firstColumn(read('docs/events.md'), 'type'))).toEqual(sorted(catalogue.keys()));
  });

  it('exist wherever one is named', () => {
    const apps = sorted([...catalogue.keys()].map((type) => type.split('.')[0] ?? '')).join('|');
    const named = matches(everyDocument, new RegExp(`\`((?:${apps})\\.[a-z-]+\\.v\\d+)\``, 'g'));
    expect(named.filter((type) => !catalogue.has(type))).toEqual([]);
  });
});

describe('configuration in the documents', () => {
  const common = Object.keys(commonConfig.shape);
  const database = Object.keys(databaseConfig.shape);

  it('names what every app has in docs/configuration.md', () => {
    const sections = sectionsOf(read('docs/configuration.md'));
    expect(sorted(firstColumn(sections.get('Every app') ?? '', 'variable'))).toEqual(sorted(common));
    const withDatabase = firstColumn(sections.get('Every app with a database') ?? '', 'variable');
    expect(sorted(withDatabase)).toEqual(sorted(database));
  });

  it.each(glob('apps/*/src/config.ts').map((file) => file.split('/')[1] ?? ''))(
    "names each of %s's own variables in its card, and none that it does not read",
    (app) => {
      const config = read(`apps/${app}/src/config.ts`);
      const own = ownVariables(app);
      const shared = [
        ...(config.includes('commonConfig') ? common : []),
        ...(config.includes('databaseConfig') ? database : []),
      ];
      const named = firstColumn(read(`apps/${app}/README.md`), 'variable');
      expect(own.filter((variable) => !named.includes(variable))).toEqual([]);
      expect(named.filter((variable) => ![...own, ...shared].includes(variable))).toEqual([]);
    },
  );
});

describe('metrics in the documents', () => {
  const inCode = sorted(sources.flatMap((file) => matches(read(file), /'(caregraph_[a-z_]+)'/g)));

  it('are listed in docs/metrics.md, each and no other; the story `metrics` compares it with running apps', () => {
    expect(sorted(metricTable(root).map(({ metric }) => metric))).toEqual(inCode);
  });

  it('are recorded figures only where alerts.yaml has them', () => {
    const recorded = readGroups(root).flatMap(({ records }) => records.map(({ record }) => record));
    const named = matches(everyDocument, /`(caregraph:[a-z0-9_:]+)/g);
    expect(named.filter((name) => !recorded.includes(name))).toEqual([]);
  });

  it('have the alerts of alerts.yaml with their two levels', () => {
    const levels = readGroups(root).flatMap(({ alerts }) =>
      alerts.map(({ alert, row = '', warn, critical }) => [alert, row, warn.limit, critical.limit].join(' ')),
    );
    const rows = (sectionsOf(read('docs/metrics.md')).get('Alerts') ?? '').matchAll(
      /^\| \[`(\w+)`\]\([^)]+\) +\| ([A-Z0-9-]*) *\| ([\d.]+)[^|]*\| ([\d.]+)/gm,
    );
    expect([...rows].map(([, ...cells]) => cells.join(' '))).toEqual(levels);
  });

  it('exist wherever one is named', () => {
    const named = matches(everyDocument, /`(caregraph_[a-z_]+)/g);
    expect(named.filter((name) => !inCode.includes(name))).toEqual([]);
  });
});

describe('commands in the documents', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

  it('exist, and each that exists is named', () => {
    const named = matches(everyDocument, /(?:^|`)npm (?:run )?([a-z:-]+)/gm).filter((word) => word !== 'run');
    const commands = Object.keys(scripts).filter(
      (script) => !(script.startsWith('pre') && script.slice(3) in scripts),
    );
    expect(named.filter((command) => !commands.includes(command))).toEqual([]);
    expect(commands.filter((command) => !named.includes(command))).toEqual([]);
  });
});

describe('GraphQL in the documents', () => {
  const schema = Supergraph.build(read('apps/gateway/supergraph.graphql'), { supportedFeatures: null })
    .apiSchema()
    .toGraphQLJSSchema();
  const examples = documents.flatMap((file) =>
    matches(read(file), /```graphql\n(.*?)```/gs).map((text) => [file, text] as const),
  );

  it.each(examples)('in %s is valid', (_file, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });
});

describe('the documents themselves', () => {
  it.each(documents)('%s links only to what is there', (file) => {
    const targets = matches(read(file), /\]\((?!https?:)([^)#\s]+)[^)]*\)/g);
    const missing = targets.filter(
      (target) => !fs.existsSync(path.resolve(root, path.dirname(file), target)),
    );
    expect(missing).toEqual([]);
  });

  it('has a README of at most 150 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
  });

  it('has a card for each app and library', () => {
    const folders = glob('apps/*/package.json', 'libs/*/package.json').map((file) => path.dirname(file));
    expect(folders.filter((folder) => !documents.includes(`${folder}/README.md`))).toEqual([]);
  });

  const decisions = documents.filter((file) => file.startsWith('docs/adr/'));

  it.each(decisions)("%s has Nygard's four headings and at most 40 lines", (file) => {
    const text = read(file);
    expect(matches(text, /^## (.+)$/gm)).toEqual(['Status', 'Context', 'Decision', 'Consequences']);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('numbers decisions from 1 without a gap, and ARCHITECTURE.md names each', () => {
    const numbers = decisions.map((file) => Number(path.basename(file).slice(0, 4)));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    const architecture = read('ARCHITECTURE.md');
    expect(decisions.filter((file) => !architecture.includes(`](${file})`))).toEqual([]);
  });
});
