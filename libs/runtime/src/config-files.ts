// Secrets mounted as files: `<NAME>_FILE` names the file whose text is the value of `<NAME>`.
import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FileValues {
  /** The environment, with the files' texts in place. */
  readonly environment: Environment;
  /** The file of each variable that has one. */
  readonly files: ReadonlyMap<string, string>;
  /** What is wrong, without the values. */
  readonly problems: readonly string[];
}

/** A secret ends with a line break in most editors, which is no part of it. Throws when the file cannot be read. */
export const readSecretFile = (file: string): string => readFileSync(file, 'utf8').trim();

/** Looks for files of these variables only. */
export function withFiles(names: readonly string[], environment: Environment): FileValues {
  const values: Record<string, string | undefined> = { ...environment };
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (environment[name]) problems.push(`${name}: given twice, also by ${name}_FILE`);
    try {
      values[name] = readSecretFile(file);
      files.set(name, file);
    } catch {
      problems.push(`${name}_FILE: the file cannot be read`);
    }
  }
  return { environment: values, files, problems };
}
