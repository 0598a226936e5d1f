// Makes the PrometheusRule manifests from `alerts.yaml`, where each alert stands once with its two levels (Y-10).
import fs from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

export const rulesFolder = 'k8s/components/monitoring/rules';

/** A number is the limit; otherwise what is put in for `$name`, and perhaps an `expr` or `for` of the level's own. */
const level = z.union([
  z.number().transform((limit): Record<string, string> => ({ limit: String(limit) })),
  z.record(z.string(), z.coerce.string()).refine((values) => 'limit' in values, 'A level has a limit.'),
]);

const alert = z.strictObject({
  alert: z.string().regex(/^([A-Z][a-z]+)+$/),
  /** The requirement that gives it. */
  row: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  warn: level,
  critical: level,
  summary: z.string(),
});
export type Alert = z.infer<typeof alert>;

const record = z.strictObject({ record: z.string(), expr: z.string() });

const source = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      records: z.array(record).default([]),
      alerts: z.array(alert).default([]),
    }),
  ),
});
export type RuleGroups = z.infer<typeof source>['groups'];

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PlainGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

export const readGroups = (root: string): RuleGroups =>
  source.parse(parse(fs.readFileSync(path.join(root, rulesFolder, 'alerts.yaml'), 'utf8'))).groups;

/** `ApiErrorRate` is described in `docs/runbooks/api-error-rate.md`. */
export const runbookOf = (name: string): string =>
  `docs/runbooks/${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;

/** As Prometheus itself reads them: recorded figures first, since alerts speak of them. */
export const plainGroups = (groups: RuleGroups): PlainGroup[] =>
  groups.map(({ name, records, alerts }) => ({
    name: `caregraph-${name}`,
    rules: [...records, ...alerts.flatMap((one) => [ruleOf(one, 'warning'), ruleOf(one, 'critical')])],
  }));

function ruleOf(one: Alert, severity: 'warning' | 'critical'): Rule {
  const own = severity === 'warning' ? one.warn : one.critical;
  const { expr = one.expr, for: pending = one.for, ...values } = own;
  return {
    alert: one.alert,
    expr: filled(one.alert, expr, values),
    ...(pending ? { for: pending } : {}),
    labels: { severity },
    annotations: {
      summary: one.summary,
      runbook: runbookOf(one.alert),
      limit: values.limit ?? '',
      ...(one.row ? { requirement: one.row } : {}),
    },
  };
}

/** Puts the level's values in. A name that the level does not have is a mistake. */
const filled = (name: string, expr: string, values: Readonly<Record<string, string>>): string =>
  expr.replaceAll(/\$([a-z]+)/g, (_match, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name}: the level has no $${key}.`);
    return value;
  });

/** The manifests, by path from the root: one for each group, and what lists them. */
export function alertManifests(root: string): Map<string, string> {
  const groups = plainGroups(readGroups(root));
  const head = `# Made from alerts.yaml by \`npm run emit\`: change it there.\n`;
  const files = new Map<string, string>();
  const names = groups.map(({ name }) => `${name.replace('caregraph-', '')}.yaml`);
  for (const [index, group] of groups.entries()) {
    const manifest = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: group.name },
      spec: { groups: [group] },
    };
    files.set(`${rulesFolder}/${names[index] ?? ''}`, head + yamlOf(manifest));
  }
  const list = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: names,
  };
  files.set(`${rulesFolder}/kustomization.yaml`, head + yamlOf(list));
  return files;
}

const yamlOf = (manifest: object): string => stringify(manifest, { lineWidth: 0, singleQuote: true });
