// Text that no database of ours can hold: U+0000, and half of a surrogate pair. Said here, with the variable's path,
// since further in nobody knows any more whose it was.

/** The path of the first such text in the variables, as `input.reason`; undefined: all is well. */
export function unstorableText(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = unstorableText(part, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
