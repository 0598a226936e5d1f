// `expand[]`: references in an answer are replaced by the objects they name, up to four levels deep.
import type { Account } from './account.js';
import { InvalidParameter } from './errors.js';

const deepest = 4;
type Json = Record<string, unknown>;

/** A copy of the answer with the paths expanded; `data.` goes through the items of a list. */
export function expanded(account: Account, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer) as Json;
  for (const path of paths) {
    const parts = path.split('.');
    if (parts.length > deepest) {
      throw new InvalidParameter(
        `You cannot expand more than ${deepest} levels of a property. Property: ${path}`,
      );
    }
    follow(account, copy, parts, path);
  }
  return copy;
}

function follow(account: Account, at: Json, [part = '', ...rest]: readonly string[], path: string): void {
  if (!(part in at)) throw notExpandable(path);
  at[part] = resolved(account, at[part], path);
  if (rest.length === 0) return;
  // What is null has nothing to expand.
  for (const item of [at[part]].flat()) {
    if (typeof item === 'object' && item !== null) follow(account, item as Json, rest, path);
  }
}

/** The object that an id names, or what stands there already. */
function resolved(account: Account, reference: unknown, path: string): unknown {
  if (typeof reference !== 'string') return reference;
  const found = account.find(reference);
  if (!found) throw notExpandable(path);
  return structuredClone(found);
}

const notExpandable = (path: string): InvalidParameter =>
  new InvalidParameter(`This property cannot be expanded (${path}).`, 'expand');
