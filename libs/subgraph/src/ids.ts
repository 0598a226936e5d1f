// Ids are UUIDs; text that is none can match no row, and PostgreSQL would refuse to compare it.
import { badInput } from './errors.js';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => pattern.test(text);

/** The id in its one spelling; refuses text that is no UUID, naming the field. */
export function idOf(field: string, text: string): string {
  if (!isId(text)) throw badInput({ field, message: 'must be a UUID' });
  return text.toLowerCase();
}

/** Rows in the order of the ids asked for; null where there is none. */
export function inOrder<Row extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
