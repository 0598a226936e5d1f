// Reads a Dockerfile as far as ours goes: instructions with their arguments, variables put in, stage by stage.

export interface Instruction {
  readonly name: string;
  /** As written, continued lines joined. */
  readonly text: string;
}

export interface Stage {
  /** The image it begins with. */
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Joins continued lines and leaves comments out. */
const instructionsOf = (text: string): Instruction[] =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { name: name.toUpperCase(), text: rest };
    });

/** Puts build arguments in place of `${NAME}`; a name without a value stays. */
export const substitute = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** The name and, if there is one, the default of an `ARG`. */
const argumentOf = (text: string): readonly [string, string | undefined] => {
  const [name = '', otherwise] = text.split(/=(.*)/s);
  return [name, otherwise];
};

/** What stands in exec form is for the container to expand, not for the build. */
const isForContainer = ({ name, text }: Instruction): boolean =>
  name === 'HEALTHCHECK' || text.startsWith('[');

/** All stages, with the arguments that are given and the defaults of those that are not. */
export function parseDockerfile(text: string, given: Readonly<Record<string, string>> = {}): Stage[] {
  const values: Record<string, string> = { ...given };
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const instruction of instructionsOf(text)) {
    const { name } = instruction;
    const line = isForContainer(instruction) ? instruction.text : substitute(instruction.text, values);
    if (name === 'ARG') {
      const [argument, otherwise] = argumentOf(line);
      if (otherwise !== undefined) values[argument] ??= otherwise;
    }
    if (name === 'FROM') {
      const [from = '', , alias] = line.split(/\s+/);
      stages.push({ from, name: alias, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, text: line });
  }
  return stages;
}

export const textsOf = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** The words of an instruction in exec form; undefined when it is not. */
export function execForm(text: string): readonly string[] | undefined {
  const start = text.indexOf('[');
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start)) as string[];
  } catch {
    return undefined;
  }
}
