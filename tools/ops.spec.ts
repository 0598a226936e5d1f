import fs from 'node:fs';
import path from 'node:path';
import { commandNames, loadCommand } from './ops.js';

const root = path.resolve(import.meta.dirname, '..');

/** A command with its words that stand for themselves: `jobs <app> hold <id>` is `jobs hold`. */
const shapeOf = (form: string): string =>
  form
    .split(' ')
    .filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('--'))
    .join(' ');

async function forms(): Promise<string[]> {
  const commands = await Promise.all(commandNames().map(loadCommand));
  return commands.flatMap(({ usage }) =>
    usage
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[0] ?? ''),
  );
}

describe('the operator’s commands', () => {
  it('say what they do, each by its own name', async () => {
    for (const name of commandNames()) {
      const { usage } = await loadCommand(name);
      for (const line of usage.trim().split('\n'))
        expect(line).toMatch(new RegExp(`^${name}( [^ ]+)* {2,}[a-z]`));
    }
  });

  it('stand in docs/operations.md with an example, each and no other', async () => {
    const text = fs.readFileSync(path.join(root, 'docs/operations.md'), 'utf8');
    const shapes = new Set((await forms()).map(shapeOf));
    const words = new Set([...shapes].flatMap((shape) => shape.split(' ')));
    const examples = [...text.matchAll(/^npm run ops -- (.+)$/gm)].map(([, form = '']) => form.split(' '));
    // Of an example's words those count that a command knows; an app or a noun stands for itself nowhere.
    const shown = examples.map(([name = '', ...rest]) =>
      [name, ...rest.filter((word) => words.has(word))].join(' '),
    );
    expect([...new Set(shown)].sort()).toEqual([...shapes].sort());
  });

  it('are named as they are in every document', async () => {
    const known = await forms();
    const names = new Set(commandNames());
    const documents = fs.globSync(['*.md', 'docs/**/*.md', 'apps/*/README.md', 'libs/*/README.md'], {
      cwd: root,
    });
    for (const file of documents) {
      const text = fs.readFileSync(path.join(root, file), 'utf8');
      const named = [...text.matchAll(/npm run ops -- ([a-z][a-z-]*)/g)].map(([, name]) => name ?? '');
      expect([file, named.filter((name) => !names.has(name))]).toEqual([file, []]);
    }
    expect(known.length).toBeGreaterThan(names.size);
  });
});
