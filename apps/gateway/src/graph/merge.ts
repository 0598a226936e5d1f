// Puts what a subgraph answered into what is known already. Where both have an object they become one; lists of the
// same length are merged element by element.
import { isObject, type Values } from './values.js';

/** Merges in place. The source is taken over, not copied: whoever uses it twice passes it parsed twice. */
export function mergeInto(target: Values, source: Values): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined) continue;
    // Assigning to this name would change the object's prototype.
    if (key === '__proto__' && !Object.hasOwn(target, key)) defineOwn(target, key);
    const known = Object.hasOwn(target, key) ? target[key] : undefined;
    if (known === undefined || !mergeBoth(known, value)) target[key] = value;
  }
}

/** What was parsed from JSON, once more. */
export function copyOf<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (!isObject(value)) return value;
  const copy: Values = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') defineOwn(copy, key);
    copy[key] = copyOf(value[key]);
  }
  return copy as Value;
}

/** False where one takes the place of the other. */
function mergeBoth(known: unknown, value: unknown): boolean {
  if (isObject(known) && isObject(value)) mergeInto(known, value);
  else if (Array.isArray(known) && Array.isArray(value) && value.length === known.length)
    mergeLists(known, value);
  else return false;
  return true;
}

const defineOwn = (target: Values, key: string): unknown =>
  Object.defineProperty(target, key, {
    value: undefined,
    writable: true,
    enumerable: true,
    configurable: true,
  });

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  for (const [index, value] of source.entries()) {
    const known = target[index];
    if (isObject(value) && isObject(known)) mergeInto(known, value);
    else target[index] = value;
  }
}
