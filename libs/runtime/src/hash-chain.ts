// The check of an audit trail that is a hash chain: each entry's hash covers its content and the hash before it, and what
// names a person goes in as a salted digest, so that it can be erased without breaking the chain (ADR 22). The databases
// write the hashes; this computes them anew without trusting their functions.
import { createHash } from 'node:crypto';

/** An entry as text, exactly as the hash covers it. */
export interface ChainedEntry {
  readonly id: string;
  /** From 1 on, without a gap. */
  readonly position: number;
  /** All that the hash covers after the hash before it, in order; people stand in it as their digests. */
  readonly covered: readonly (string | null)[];
  readonly people: readonly {
    /** Null once he is erased. */
    readonly salt: string | null;
    readonly fields: readonly (string | null)[];
    readonly digest: string;
  }[];
  readonly hash: string;
}

export interface ChainedTrail<Entry extends ChainedEntry> {
  /** By position. */
  readonly entries: readonly Entry[];
  /** Kept apart from the entries, so that a missing last one shows. Null: there is none. */
  readonly head: { readonly entries: number; readonly hash: string } | null;
  /** How many entries there are at least, by what they tell of. */
  readonly expected: number;
}

export interface ChainRules<Entry extends ChainedEntry> {
  /** Whether a person of this entry may have been erased. */
  readonly mayBeErased: (entry: Entry) => boolean;
  /** What is wrong with an entry besides, by what the app knows. */
  readonly problem?: (entry: Entry, before: Entry | undefined) => string | undefined;
}

export interface ChainFault {
  /** The position of the first entry that is wrong; where entries are missing, of the first missing one. */
  readonly at: number;
  /** Null where the entry is missing. */
  readonly entryId: string | null;
  readonly problem: string;
}

/** Each field with its length in bytes before it, so that no two lists read the same. */
export const chainDigest = (fields: readonly (string | null)[]): string =>
  createHash('sha256')
    .update(fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join(','))
    .digest('hex');

const missing = 'the entry is missing';

/** The first thing wrong with the entries themselves; undefined when the chain holds as far as it goes. */
export function entryFault<Entry extends ChainedEntry>(
  entries: readonly Entry[],
  rules: ChainRules<Entry>,
): ChainFault | undefined {
  let before: Entry | undefined;
  for (const [index, entry] of entries.entries()) {
    const at = index + 1;
    if (entry.position !== at) return { at, entryId: null, problem: missing };
    const problem = problemOf(entry, before, rules);
    if (problem !== undefined) return { at, entryId: entry.id, problem };
    before = entry;
  }
  return undefined;
}

/** What only the head, and what the entries tell of, know: that the last entries are there, and no others. */
export function endFault<Entry extends ChainedEntry>({
  entries,
  head,
  expected,
}: ChainedTrail<Entry>): ChainFault | undefined {
  const at = entries.length;
  const last = entries.at(-1);
  if (!head) return { at: at + 1, entryId: null, problem: 'the head of the trail is missing' };
  if (!last || head.entries > at || expected > at) return { at: at + 1, entryId: null, problem: missing };
  if (head.entries !== at || head.hash !== last.hash)
    return { at, entryId: last.id, problem: 'the head of the trail is another' };
  return undefined;
}

function problemOf<Entry extends ChainedEntry>(
  entry: Entry,
  before: Entry | undefined,
  { mayBeErased, problem }: ChainRules<Entry>,
): string | undefined {
  if (chainDigest([before?.hash ?? '', ...entry.covered]) !== entry.hash)
    return 'the entry was changed, or one before it';
  const isAnother = entry.people.some(({ salt, fields, digest }) =>
    salt === null ? !mayBeErased(entry) : chainDigest([salt, ...fields]) !== digest,
  );
  return isAnother ? 'who did it was changed' : problem?.(entry, before);
}
