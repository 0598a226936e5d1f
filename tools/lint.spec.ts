import path from 'node:path';
import { ESLint } from 'eslint';

const root = path.resolve(import.meta.dirname, '..');

/** Each rule of our own, with code that breaks it and the file it would stand in. */
const bad: readonly (readonly [string, string, string])[] = [
  ['a class named after nothing', 'apps/booking/src/config.ts', 'export class BookingManager {}'],
  [
    'an interface with I before it',
    'apps/booking/src/config.ts',
    'export interface IBooking { readonly id: string }',
  ],
  ['a type called base', 'apps/booking/src/config.ts', 'export type BaseBooking = string;'],
  ['a clock of its own', 'apps/booking/src/appointment/appointment.ts', 'export const now = new Date();'],
  [
    'a clock of its own in milliseconds',
    'apps/booking/src/appointment/appointment.ts',
    'export const now = Date.now();',
  ],
  [
    'the environment read aside',
    'apps/booking/src/appointment/appointment.ts',
    'export const home = process.env.HOME;',
  ],
  [
    'the sandbox moved by the product',
    'apps/booking/src/appointment/appointment.ts',
    "export const path = '/_sandbox/clock';",
  ],
  ['a test left out', 'tools/lint.spec.ts', "it.skip('later', () => undefined);"],
  ['a test alone', 'tools/lint.spec.ts', "describe.only('this', () => undefined);"],
];
const good: readonly (readonly [string, string, string])[] = [
  [
    'a moment made from a number',
    'apps/booking/src/appointment/appointment.ts',
    'export const start = new Date(0);',
  ],
  ['the environment in main.ts', 'apps/booking/src/main.ts', 'export const home = process.env.HOME;'],
  ['the sandbox in a tool', 'tools/build.ts', "export const path = '/_sandbox/clock';"],
  [
    'a word that only begins like a banned one',
    'apps/booking/src/config.ts',
    'export class Baseline {}\nexport class Identity {}',
  ],
];

describe('the lint', () => {
  const eslint = new ESLint({
    cwd: root,
    // Only what is said about syntax: it needs no types, so that this spec is quick and works on snippets.
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } }],
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax',
  });
  const problems = async (file: string, code: string): Promise<number> => {
    const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
    return result?.messages.length ?? 0;
  };

  it.each(bad)('goes red on %s (%s)', async (_name, file, code) => {
    expect(await problems(file, code)).toBe(1);
  });

  it.each(good)('lets pass %s (%s)', async (_name, file, code) => {
    expect(await problems(file, code)).toBe(0);
  });
});
