// The table of docs/metrics.md, for the checks that hold it against code, rules, dashboard and running apps.
import fs from 'node:fs';
import path from 'node:path';

export interface TableRow {
  readonly metric: string;
  readonly type: string;
  readonly labels: readonly string[];
  /** An app, or what the apps have that serve it. */
  readonly of: string;
}

export function metricTable(root: string): TableRow[] {
  const lines = fs.readFileSync(path.join(root, 'docs/metrics.md'), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| `caregraph_'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, metric = '', type = '', labels = '', of = '']) => ({
      metric: metric.replaceAll('`', ''),
      type,
      labels: labels === '' ? [] : labels.split(', '),
      of,
    }));
}
