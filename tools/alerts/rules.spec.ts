// Rules and dashboard against what the apps serve: docs/metrics.md says it, and the story `metrics` holds it against the
// running apps. What the rules do is tested by promtool (`npm run test:manifests`).
import fs from 'node:fs';
import path from 'node:path';
import { metricTable } from './metric-table.js';
import { familyOf, namedIn } from './promql.js';
import { alertManifests, plainGroups, readGroups, runbookOf } from './rules.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const groups = readGroups(root);
const rules = plainGroups(groups).flatMap((group) => group.rules);
const alerts = groups.flatMap((group) => group.alerts);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const { panels } = JSON.parse(read('k8s/components/monitoring/dashboards/caregraph.json')) as {
  panels: Panel[];
};
const charted = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);

/** What comes from Prometheus itself and from the process, with its labels. */
const others = new Map([
  ['up', ['job']],
  ['process_resident_memory_bytes', []],
  ['process_cpu_seconds_total', []],
  ['nodejs_eventloop_lag_p99_seconds', []],
]);
const labelsOf = new Map<string, readonly string[]>([
  ...others,
  ...metricTable(root).map(({ metric, labels }) => [metric, labels] as const),
]);
const recorded = new Map(rules.flatMap(({ record, expr }) => (record ? [[record, expr] as const] : [])));

/** The labels that its metrics carry, those behind recorded figures too. Fails on a metric that nobody serves. */
function labelsIn(expr: string): Set<string> {
  const labels = new Set(['app', 'le']);
  for (const { metric, labels: asked } of namedIn(expr).selectors) {
    const behind = recorded.get(metric);
    const known = behind === undefined ? labelsOf.get(familyOf(metric)) : [...labelsIn(behind)];
    if (!known) throw new Error(`Nobody serves ${metric}.`);
    const strange = asked.filter((label) => !known.includes(label));
    if (strange.length > 0) throw new Error(`${metric} has no label ${strange.join(', ')}.`);
    for (const label of known) labels.add(label);
  }
  return labels;
}

function expectServed(expr: string): void {
  const labels = labelsIn(expr);
  expect(namedIn(expr).grouping.filter((label) => !labels.has(label))).toEqual([]);
}

describe('the rules', () => {
  it.each(
    rules.map(({ record, alert, labels, expr }) => [
      `${record ?? alert ?? ''} ${labels?.severity ?? ''}`,
      expr,
    ]),
  )('%s name only metrics and labels that the apps serve', (_name, expr) => {
    expectServed(expr);
  });

  it('go red on a metric that nobody serves, and on a label that it does not have', () => {
    expect(() => labelsIn('sum(rate(caregraph_bookings_total[5m]))')).toThrow('Nobody serves');
    expect(() => labelsIn('caregraph_jobs_failed{practice="x"}')).toThrow('no label practice');
    expect(() => namedIn('sum(rate(caregraph_jobs_failed[5m])')).toThrow('no PromQL');
  });

  it('have two levels for each alert, the critical one worse (GW-020, GW-021, GW-022, GW-023, GW-024, GW-025, GW-026, GW-029, GW-061)', () => {
    const worse = alerts.filter(({ warn, critical, expr }) => {
      const [first, second] = [Number(warn.limit), Number(critical.limit)];
      const harder = critical.for !== undefined || critical.expr !== undefined;
      return harder || (expr.includes('< $limit') ? second < first : second > first);
    });
    expect(worse.map(({ alert }) => alert)).toEqual(alerts.map(({ alert }) => alert));
    const first = new Map(alerts.map(({ row = '', alert, warn }) => [`${row} ${alert}`, Number(warn.limit)]));
    expect(Object.fromEntries(first)).toMatchObject({
      'GW-020 BookingRequestsExpire': 10,
      'GW-021 BookingResponseTime': 4 * 3_600,
      'GW-022 PaymentActiveHolds': 1_000_000,
      'GW-023 BookingSlotConversion': 0.8,
      'GW-024 ApiLatency': 2,
      'GW-025 ApiErrorRate': 0.01,
      'GW-026 CronFailures': 0,
      'GW-061 OutboxStalled': 300,
      'GW-061 JobsOverdue': 300,
    });
  });

  it('are as alerts.yaml has them', () => {
    for (const [file, text] of alertManifests(root)) expect([file, read(file)]).toEqual([file, text]);
  });

  it('are each tested by promtool', () => {
    const tests = fs.globSync('k8s/components/monitoring/tests/*.yaml', { cwd: root }).map(read).join('\n');
    expect(
      alerts.map(({ alert }) => alert).filter((alert) => !tests.includes(`alertname: ${alert}\n`)),
    ).toEqual([]);
  });
});

describe('the dashboard', () => {
  it.each(charted)('charts only what the apps serve: %s', (_title, expr) => {
    expectServed(expr);
  });

  it('leaves out no metric of ours', () => {
    const shown = new Set<string>();
    const show = (expr: string): void => {
      for (const { metric } of namedIn(expr).selectors) {
        const behind = recorded.get(metric);
        if (behind === undefined) shown.add(familyOf(metric));
        else show(behind);
      }
    };
    for (const [, expr] of charted) show(expr);
    // Only there to tell how late an entry is.
    shown.add('caregraph_cron_period_seconds');
    expect(
      metricTable(root)
        .map(({ metric }) => metric)
        .filter((metric) => !shown.has(metric)),
    ).toEqual([]);
  });
});

describe('the runbooks', () => {
  const titleOf = (page: string): string => /^# (.+)$/m.exec(read(page))?.[1] ?? '';
  // Those of procedures stand beside them; only an alert's page is called as alerts are.
  const pages = fs
    .globSync('docs/runbooks/*.md', { cwd: root })
    .filter((page) => /^([A-Z][a-z]+){2,}$/.test(titleOf(page)))
    .sort();

  it('are one for each alert, and no alert beside these', () => {
    expect(pages).toEqual(alerts.map(({ alert }) => runbookOf(alert)).sort());
    expect(pages.map(titleOf).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it.each(pages)('%s says what is seen, what to check, what to do and what comes afterwards', (page) => {
    const text = read(page);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['See', 'Check', 'Do', 'Afterwards']);
  });
});
