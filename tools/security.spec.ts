// docs/security.md against the specs of e2e/security, in both directions.
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'e2e/security');
const rows = fs
  .readFileSync(path.join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, check, file] = /^\| (\d+) +\|.*\.\.\/e2e\/security\/([\w.-]+)\) +\|$/.exec(line) ?? [];
    return check === undefined || file === undefined ? [] : [{ check: Number(check), file }];
  });

/** `// Checks 2 and 3: …`, `// Check 14: …` */
const checksOf = (file: string): number[] => {
  const [, named = ''] =
    /^\/\/ Checks? ([\d, and]+):/.exec(fs.readFileSync(path.join(folder, file), 'utf8')) ?? [];
  return [...named.matchAll(/\d+/g)].map(([number]) => Number(number));
};

describe('docs/security.md', () => {
  const files = fs.readdirSync(folder).sort();

  it('names each spec of e2e/security with the checks that its first line names, and no other', () => {
    const inDocs = files.map((file) => [
      file,
      rows.filter((row) => row.file === file).map(({ check }) => check),
    ]);
    expect(inDocs).toEqual(files.map((file) => [file, checksOf(file)]));
    expect(rows.filter(({ file }) => !files.includes(file))).toEqual([]);
  });

  it('names each check once that must be shown', () => {
    expect(rows.map(({ check }) => check)).toEqual([1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 18, 21, 23]);
  });
});
