// The alert rules as the cluster gets them, by Prometheus' own tool: that they can be read, and that their unit tests
// hold.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { run } from './install.js';
import { ofKind, specOf, type Manifest } from './manifest.js';
import type { Check } from './tally.js';

const monitoring = path.resolve(import.meta.dirname, '../../k8s/components/monitoring');

const yamlFiles = (folder: string): string[] =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();

export async function ruleChecks(promtool: string, check: Check, all: readonly Manifest[]): Promise<void> {
  const groups = ofKind(all, 'PrometheusRule').flatMap(
    (manifest) => specOf<{ groups: readonly unknown[] }>(manifest).groups,
  );
  const tests = yamlFiles(path.join(monitoring, 'tests'));
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-rules-'));
  try {
    fs.writeFileSync(path.join(dir, 'rules.yaml'), stringify({ groups }));
    for (const file of tests) fs.copyFileSync(path.join(monitoring, 'tests', file), path.join(dir, file));
    const asks = async (title: string, ...args: string[]): Promise<void> => {
      await check(title, () => {
        run(promtool, args, {}, dir);
        return [];
      });
    };
    await check('rules and their tests are there', () =>
      groups.length === 0 || tests.length === 0
        ? [`${groups.length} groups, ${tests.length} files of tests`]
        : [],
    );
    await asks(`Prometheus reads all ${groups.length} groups of rules`, 'check', 'rules', 'rules.yaml');
    for (const file of tests) await asks(`the tests of rules in ${file} hold`, 'test', 'rules', file);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
