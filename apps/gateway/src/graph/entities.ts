// Where in the data the objects of a fetch lie. A path names fields, and `@` for each element of a list.
import type { Values } from './values.js';

export type Path = readonly (string | number)[];

/** The objects at the path, without those that are null. */
export function entitiesAt(data: Values, path: Path): Values[] {
  const found: Values[] = [];
  collect(data, path, 0, found);
  return found;
}

function collect(value: unknown, path: Path, at: number, found: Values[]): void {
  if (value === null || value === undefined) return;
  const step = path[at];
  if (Array.isArray(value)) {
    const next = step === '@' ? at + 1 : at;
    for (const element of value) collect(element, path, next, found);
  } else if (step === undefined) found.push(value as Values);
  else if (Object.hasOwn(value, step)) collect((value as Values)[step], path, at + 1, found);
}

/** The paths in the answer of what `entitiesAt` returns, in the same order. Only errors need them. */
export function pathsOf(data: Values, path: Path): (string | number)[][] {
  const found: (string | number)[][] = [];
  const here: (string | number)[] = [];
  const walk = (value: unknown, at: number): void => {
    if (value === null || value === undefined) return;
    const step = path[at];
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) {
        here.push(index);
        walk(element, step === '@' ? at + 1 : at);
        here.pop();
      }
    } else if (step === undefined) found.push([...here]);
    else if (Object.hasOwn(value, step)) {
      here.push(step);
      walk((value as Values)[step], at + 1);
      here.pop();
    }
  };
  walk(data, 0);
  return found;
}
