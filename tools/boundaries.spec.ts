import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { boundaryViolations, type Violation } from './boundaries.js';

const root = path.resolve(import.meta.dirname, '..');
const libraries = ['contracts', 'time', 'runtime', 'messaging', 'jobs', 'subgraph', 'testing'];
const packages = [
  'zod',
  'pg',
  'pg-boss',
  'stripe',
  'kafkajs',
  'twilio',
  'googleapis',
  '@sendgrid/mail',
  '@opentelemetry/api',
  'oidc-provider',
  'temporal-polyfill',
  'type-graphql',
];

/** A small tree that keeps all rules, with empty packages. */
function cleanTree(): string {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-boundaries-'));
  fs.copyFileSync(path.join(root, 'tsconfig.base.json'), path.join(tree, 'tsconfig.base.json'));
  fs.copyFileSync(path.join(root, 'tsconfig.json'), path.join(tree, 'tsconfig.json'));
  fs.writeFileSync(path.join(tree, 'package.json'), '{"type":"module"}');
  for (const name of packages) {
    write(
      tree,
      `node_modules/${name}/package.json`,
      `{"name":"${name}","type":"module","exports":"./index.js"}`,
    );
    write(tree, `node_modules/${name}/index.js`, 'export default 1;');
  }
  fs.mkdirSync(path.join(tree, 'node_modules/@caregraph'));
  for (const name of libraries) {
    write(
      tree,
      `libs/${name}/package.json`,
      `{"name":"@caregraph/${name}","type":"module","exports":{".":"./src/index.ts"}}`,
    );
    write(tree, `libs/${name}/src/index.ts`, `export const ${name} = 1;`);
    fs.symlinkSync(`../../libs/${name}`, path.join(tree, 'node_modules/@caregraph', name));
  }
  write(
    tree,
    'apps/booking/src/appointment/appointment.ts',
    `import { contracts } from '@caregraph/contracts'; export const appointment = contracts;`,
  );
  write(
    tree,
    'apps/booking/src/appointment/appointment.entity.ts',
    `import { appointment } from './appointment.js'; export const entity = appointment;`,
  );
  write(
    tree,
    'apps/booking/src/main.ts',
    `import pg from 'pg'; import { runtime } from '@caregraph/runtime'; export default [pg, runtime];`,
  );
  write(
    tree,
    'apps/payments/src/stripe/stripe-client.ts',
    `import stripe from 'stripe'; export default stripe;`,
  );
  write(tree, 'tools/tool.ts', 'export const tool = 1;');
  return tree;
}

function write(tree: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
  fs.writeFileSync(path.join(tree, file), text);
}

const importing = (name: string): string => `import * as it from '${name}'; export default it;`;

/** What breaks which rule: the rule, the file, and what it imports. Each bad import has a file of its own. */
const bad: readonly (readonly [string, string, string])[] = [
  ['apps-stay-apart', 'apps/payments/src/refund.ts', '../../booking/src/appointment/appointment.js'],
  ['libs-know-no-app', 'libs/runtime/src/a.ts', '../../../apps/booking/src/appointment/appointment.js'],
  ['tools-are-not-shipped', 'apps/booking/src/a.ts', '@caregraph/testing'],
  ['tools-are-not-shipped', 'apps/booking/src/b.ts', '../../../tools/tool.js'],
  ['contracts-are-pure', 'libs/contracts/src/a.ts', '@caregraph/time'],
  ['contracts-are-pure', 'libs/contracts/src/b.ts', 'node:fs'],
  ['time-is-pure', 'libs/time/src/a.ts', 'zod'],
  ['libs-have-an-order', 'libs/messaging/src/a.ts', '@caregraph/jobs'],
  ['runtime-is-the-bottom', 'libs/runtime/src/b.ts', '@caregraph/messaging'],
  ['rules-are-pure', 'apps/booking/src/hold/hold.ts', '../appointment/appointment.entity.js'],
  ['rules-are-pure', 'apps/booking/src/hold/fee.policy.ts', '@caregraph/runtime'],
  ['rules-are-pure', 'apps/booking/src/series/series.ts', './words.js'],
  ['rules-need-no-package', 'apps/booking/src/patient/patient.ts', 'zod'],
  ['kafka-has-one-door', 'apps/booking/src/c.ts', 'kafkajs'],
  ['kafka-has-one-door', 'libs/messaging/src/relay.ts', 'kafkajs'],
  ['jobs-have-one-door', 'apps/booking/src/d.ts', 'pg-boss'],
  ['traces-have-one-door', 'apps/booking/src/h.ts', '@opentelemetry/api'],
  ['stripe-has-one-door', 'apps/payments/src/payment/capture-payment.ts', 'stripe'],
  ['sendgrid-has-one-door', 'apps/notifications/src/a.ts', '@sendgrid/mail'],
  ['twilio-has-one-door', 'apps/notifications/src/b.ts', 'twilio'],
  ['google-has-one-door', 'apps/calendar-sync/src/a.ts', 'googleapis'],
  ['only-main-opens-connections', 'apps/booking/src/appointment/appointments.query.ts', 'pg'],
  ['identity-provider-is-for-development', 'apps/gateway/src/a.ts', 'oidc-provider'],
  ['nothing-imports-main', 'apps/booking/src/e.ts', './main.js'],
  ['nothing-imports-a-spec', 'apps/booking/src/f.ts', './jobs.spec.js'],
  ['everything-resolves', 'apps/booking/src/g.ts', './not-there.js'],
  ['no-cycles', 'apps/booking/src/one.ts', './two.js'],
];

describe('the import boundaries', () => {
  const trees: string[] = [];
  const newTree = (): string => {
    const tree = cleanTree();
    trees.push(tree);
    return tree;
  };
  let broken: Violation[];
  beforeAll(async () => {
    const tree = newTree();
    write(tree, 'apps/booking/src/jobs.spec.ts', 'export {};');
    write(tree, 'apps/booking/src/series/words.ts', importing('type-graphql'));
    write(tree, 'apps/booking/src/two.ts', importing('./one.js'));
    for (const [, file, name] of bad) write(tree, file, importing(name));
    broken = await boundaryViolations(tree);
  });
  afterAll(() => {
    for (const tree of trees) fs.rmSync(tree, { recursive: true, force: true });
  });

  it('hold in this tree', async () => {
    expect(await boundaryViolations()).toEqual([]);
  });

  it('hold in a small tree made for this spec', async () => {
    expect(await boundaryViolations(newTree())).toEqual([]);
  });

  it.each(bad)('%s goes red when %s imports %s', (rule, file) => {
    expect(broken.filter(({ from }) => from === file).map((violation) => violation.rule)).toContain(rule);
  });

  it('each have a known-bad import here', async () => {
    const { default: rules } = (await import(path.join(root, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    const shown = new Set(bad.map(([rule]) => rule));
    expect(rules.forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});
