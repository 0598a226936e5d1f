// The guides, runbooks and generated pages against the code, in both directions.
import fs from 'node:fs';
import path from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { isObjectType, isUnionType, parse, validate } from 'graphql';
import { catalogue } from '@caregraph/contracts';
import { roles } from '@caregraph/runtime';
import { auditTypes } from '../../apps/booking/src/audit/audit-entry.js';
import { causes, ruleOf } from '../../apps/notifications/src/notification/messages.policy.js';
import { loadTemplates, templatesFolder } from '../../apps/notifications/src/template/templates.js';
import { background, lifecycles } from './code.js';
import { routes } from './living-spec.js';
import { pages } from './pages.js';
import { workers } from './workers.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const supergraph = read('apps/gateway/supergraph.graphql');
const schema = Supergraph.build(supergraph, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
const generated = pages(supergraph);
const page = (file: string): string => generated.get(file) ?? '';
const written = fs.globSync('docs/{guides,runbooks}/*.md', { cwd: root }).sort();

const matches = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found ?? '')),
];
/** The first cells of the rows of a table, without their backticks, below a heading. */
const firstCells = (text: string, heading: string): string[] => {
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n#{2,3} /)[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell ?? '').sort();
};
const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
  (type) => Object.values(type?.getFields() ?? {}),
);

describe('the generated pages', () => {
  it.each([...generated.keys()])('%s is what the code says', (file) => {
    expect(read(file)).toBe(page(file));
  });
});

describe('the pages of the graph', () => {
  it('have each operation with its description, and no other (GW-048)', () => {
    const sections = ['queries', 'mutations', 'subscriptions'].flatMap((name) =>
      [...page(`docs/api/${name}.md`).matchAll(/^## (.+)\n\n(.+)$/gm)].map(([, field, text]) => ({
        field,
        text,
      })),
    );
    expect(sections.map(({ field }) => field).sort()).toEqual(rootFields.map(({ name }) => name).sort());
    for (const { field, text } of sections) expect(`${field}: ${text}`).toMatch(/: \S.{10,} \([a-z-]+\)$/);
  });

  it('name every refusal that an operation can answer, and say when', () => {
    const mutations = page('docs/api/mutations.md').split(/^## /m);
    for (const { name, type } of rootFields) {
      if (!isUnionType(type)) continue;
      const section = mutations.find((each) => each.startsWith(`${name}\n`)) ?? '';
      for (const member of type.getTypes()) expect(section).toContain(`\`${member.name}\``);
    }
    const refusals = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'DomainError'),
    );
    const rows = [
      ...page('docs/api/refusals.md').matchAll(/^\| `(\w+)` \| `([A-Z_]+)` \| (Returned .+?) \|/gm),
    ];
    expect(rows.map(([, name]) => name).sort()).toEqual(refusals.map(({ name }) => name).sort());
    const documented = new Set(matches(read('docs/errors.md'), /`([A-Z][A-Z_]+)`/g));
    expect(rows.map(([, , code]) => code ?? '').filter((code) => !documented.has(code))).toEqual([]);
  });

  it('describe every type that they name', () => {
    const targets = [...generated].flatMap(([file, text]) =>
      file.startsWith('docs/api/') ? matches(text, /\]\((?:types\.md)#([a-z]+)\)/g) : [],
    );
    const headings = matches(page('docs/api/types.md'), /^## (.+)$/gm).map((name) => name.toLowerCase());
    expect(targets.filter((target) => !headings.includes(target))).toEqual([]);
  });
});

describe('the living specification', () => {
  const spec = page('docs/living-spec.md');

  it('has the roles, events, statuses and messages that the code has, and no others (GW-049)', () => {
    expect(firstCells(spec, '## Roles')).toEqual([...roles].sort());
    expect(firstCells(spec, '## Events')).toEqual([...catalogue.keys()].sort());
    for (const [noun, { app, table }] of Object.entries(lifecycles)) {
      expect(firstCells(spec, `### ${noun} (${app})`)).toEqual(Object.keys(table).sort());
    }
    expect(firstCells(spec, '## Messages')).toEqual([...causes].sort());
  });

  it('has every lifecycle table of the apps', () => {
    const tables = fs
      .globSync('apps/{booking,calendar-sync,notifications,payments,platform,scheduling}/src/**/*.ts', {
        cwd: root,
      })
      .flatMap((file) => matches(read(file), /export const (\w*[lL]ifecycle) = \{/g));
    expect(Object.keys(lifecycles)).toHaveLength(tables.length);
  });

  it('has the routes that the servers register, and every operation', () => {
    const cells = firstCells(spec, '## Routes');
    for (const [route = ''] of routes())
      expect(cells).toContain(route.replaceAll('`', '').replace(' as WebSocket', ''));
    for (const route of ['POST /webhooks/stripe', 'POST /webhooks/sendgrid', 'GET /readyz']) {
      expect(cells).toContain(route);
    }
    for (const { name } of rootFields) expect(cells).toContain(name);
  });
});

describe('the background workers', () => {
  const jobs = background.flatMap((app) => app.jobs.map(({ name }) => name));

  it('are all in the table, with the times at which they come round (GW-053)', () => {
    const text = page('docs/background-workers.md');
    expect(matches(text, /^\| `([a-z-]+)` \| [a-z-]+ \|/gm).sort()).toEqual([...new Set(jobs)].sort());
    for (const { app, cron } of background) {
      for (const entry of cron) {
        const row = text.split('\n').find((line) => line.startsWith(`| \`${entry.job.name}\` | ${app} |`));
        expect(row).toContain(`\`${entry.cron}\` ${entry.timeZone}`);
      }
    }
    for (const [worker, named] of Object.entries(workers)) {
      expect({ worker, missing: named.filter((name) => !jobs.includes(name)) }).toEqual({
        worker,
        missing: [],
      });
    }
  });

  it('run only what is queued: each cron entry is of a job that its app declares', () => {
    for (const { app, jobs: declared, cron } of background) {
      const missing = cron.filter(({ job }) => !declared.includes(job)).map(({ job }) => job.name);
      expect({ app, missing }).toEqual({ app, missing: [] });
    }
  });

  it('of every app are known here', () => {
    const withJobs = fs.globSync('apps/*/src/work.ts', { cwd: root }).map((file) => file.split('/')[1]);
    expect(withJobs.sort()).toEqual(background.map(({ app }) => app).sort());
  });
});

describe('the template library', () => {
  it('has every template with its words, and no other (GW-048, NT-004)', () => {
    const library = page('docs/guides/templates.md');
    const folder = templatesFolder(path.join(root, 'apps/notifications/src/template'));
    const { names } = loadTemplates(folder);
    const headings = matches(library, /^## (\w+)$/gm).filter((name) => name !== 'Parts');
    expect(headings).toEqual([...names].sort());
    for (const name of names) {
      expect(library).toContain(fs.readFileSync(path.join(folder, 'en', `${name}.text.hbs`), 'utf8').trim());
    }
  });
});

describe('the guides and runbooks', () => {
  it('are there: for patients, providers and support, and for what goes wrong (GW-048, GW-049)', () => {
    const wanted = [
      ...['guides/patients', 'guides/providers', 'guides/support', 'guides/templates'],
      ...['wrong-contact', 'refund', 'reschedule', 'failed-webhook'].map((name) => `runbooks/${name}`),
    ];
    for (const name of wanted) expect(written).toContain(`docs/${name}.md`);
  });

  const operations = written.flatMap((file) =>
    matches(read(file), /```graphql\n(.*?)```/gs).map((text) => [file, text] as const),
  );

  it.each(operations)('%s has operations that the graph answers', (_file, text) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });

  it.each(['wrong-contact', 'refund', 'reschedule', 'failed-webhook'])(
    'the runbook %s has operations, and says what to see, check, do and afterwards',
    (name) => {
      const text = read(`docs/runbooks/${name}.md`);
      expect(operations.some(([file]) => file.endsWith(`/${name}.md`))).toBe(true);
      expect(matches(text, /^## (.+)$/gm)).toEqual(['See', 'Check', 'Do', 'Afterwards']);
    },
  );

  it.each(written)('%s links only to what is there', (file) => {
    const targets = matches(read(file), /\]\((?!https?:)([^)#\s]+)[^)]*\)/g);
    const missing = targets.filter(
      (target) => !fs.existsSync(path.resolve(root, path.dirname(file), target)),
    );
    expect(missing).toEqual([]);
  });

  it('name settings and operations as the graph has them', () => {
    const providers = read('docs/guides/providers.md');
    const settings = schema.getType('BookingSettings');
    const known = isObjectType(settings) ? Object.keys(settings.getFields()) : [];
    expect(matches(providers, /^\| `(\w+)`/gm).filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !providers.includes(`\`${name}\``))).toEqual([]);
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()) : [],
    );
    const names = new Set(fields);
    const guides = ['patients', 'providers', 'support']
      .map((name) => read(`docs/guides/${name}.md`))
      .join('\n');
    const verbs = matches(
      guides,
      /`((?:create|update|set|override|confirm|decline|cancel|book|hold|erase|refund|resend|retry)[A-Z]\w+)`/g,
    );
    expect(verbs.filter((name) => !names.has(name))).toEqual([]);
  });

  it('name causes and audit entries as the code has them', () => {
    const runbooks = written.map((file) => read(file)).join('\n');
    const named = matches(runbooks, /\(`((?:appointment|payment)-[a-z-]+)`\)/g);
    expect(named.filter((cause) => !(causes as readonly string[]).includes(cause))).toEqual([]);
    const entries = matches(runbooks, /`((?:payment|expiry|notification)_[a-z]+)`/g);
    expect(entries.filter((entry) => !(auditTypes as readonly string[]).includes(entry))).toEqual([]);
    expect(ruleOf('appointment-rescheduled').messages.length).toBeGreaterThan(0);
  });
});
