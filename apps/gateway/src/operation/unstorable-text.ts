// Text that no database of ours can hold: U+0000, and half of a surrogate pair. Said here, with the variable's path or
// the place in the document, since further in nobody knows any more whose it was.
import { GraphQLError, type ValidationRule } from 'graphql';

/** A field that cannot be taken: where it stands, `input.reason`, and what is wrong with it. */
export interface UnstorableField {
  readonly field: string;
  readonly message: string;
}

/** Deeper than any input of ours; what nests deeper is only meant to be walked until the stack ends. */
const deepest = 32;
const tooDeep = `is nested deeper than ${deepest} levels`;
const odd = 'holds a character that cannot be stored (U+0000, or half of a pair)';

/** The first such text in the variables; undefined: all is well. */
export function unstorableText(value: unknown, field = '', depth = 0): UnstorableField | undefined {
  if (typeof value === 'string') return isOdd(value) ? { field, message: odd } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  // The variable's name is enough: the path would be as long as it is deep.
  if (depth > deepest) return { field: field.replace(/\..*/s, ''), message: tooDeep };
  for (const [name, part] of Object.entries(value)) {
    const found = unstorableText(part, within(field, name), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refuses such text where it stands in the document itself: in arguments, deep in lists and objects, in defaults. */
export const storableTexts: ValidationRule = (context) => ({
  StringValue: (text) => {
    if (isOdd(text.value)) context.reportError(new GraphQLError(`A text ${odd}.`, { nodes: text }));
  },
});

const within = (field: string, name: string): string => (field === '' ? name : `${field}.${name}`);

const isOdd = (text: string): boolean => text.includes('\u0000') || !text.isWellFormed();
