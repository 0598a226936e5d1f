/**
 * An expected "no": a value that a verb returns, never throws. Its `code` is a literal in capitals
 * (`SLOT_TAKEN`) that clients may rely on; the GraphQL type is the same words in Pascal case (`SlotTaken`).
 */
export abstract class Refusal {
  abstract readonly code: string;
  abstract readonly message: string;
}

/** The GraphQL type name of a refusal code: `SLOT_TAKEN` is `SlotTaken`. */
export const refusalTypeName = (code: string): string =>
  code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
