// The trail's hash chain, computed anew: each entry's hash covers its content and the hash before it. The database
// writes the hashes (migration 20261121T1230); this checks them without trusting its functions.
import { createHash } from 'node:crypto';

/** An entry as text, exactly as the hash covers it. */
export interface ChainedEntry {
  readonly id: string;
  readonly position: number;
  readonly version: number;
  readonly previousStatus: string | null;
  readonly newStatus: string;
  /** What the hash covers after the hash before it, up to the role of the actor. */
  readonly content: readonly (string | null)[];
  readonly personal: { readonly salt: string | null; readonly fields: readonly (string | null)[] };
  readonly personalDigest: string;
  /** What it covers after the digest of the person. */
  readonly origin: readonly (string | null)[];
  readonly hash: string;
}

/** An appointment's trail, with what the rest of the database says it must be. */
export interface Chain {
  readonly appointmentId: string;
  /** Null: there is no such appointment. */
  readonly appointment: {
    readonly status: string;
    readonly version: number;
    readonly erased: boolean;
  } | null;
  /** Null: there is no head. */
  readonly head: { readonly entries: number; readonly hash: string } | null;
  /** By position. */
  readonly entries: readonly ChainedEntry[];
}

export interface Break {
  readonly appointmentId: string;
  /** Of the first entry that is wrong; where entries are missing, the first missing one. */
  readonly position: number;
  /** Null where the entry is missing. */
  readonly entryId: string | null;
  readonly problem: string;
}

/** Each field with its length in bytes before it, so that no two lists read the same. */
export const digest = (fields: readonly (string | null)[]): string =>
  createHash('sha256')
    .update(fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join(','))
    .digest('hex');

/** The first thing wrong with a trail. Also I7: each version of the appointment has exactly one entry. */
export function firstBreak(chain: Chain): Break | undefined {
  const { appointmentId } = chain;
  const wrong = wrongEntry(chain) ?? wrongEnd(chain);
  return (
    wrong && { appointmentId, position: wrong.at, entryId: wrong.entry?.id ?? null, problem: wrong.problem }
  );
}

interface Wrong {
  readonly at: number;
  readonly problem: string;
  readonly entry?: ChainedEntry | undefined;
}

const missing = 'the entry is missing';

function wrongEntry({ entries, appointment }: Chain): Wrong | undefined {
  let before: ChainedEntry | undefined;
  for (const [index, entry] of entries.entries()) {
    const at = index + 1;
    if (entry.position !== at) return { at, problem: missing };
    const problem = problemOf(entry, before, appointment?.erased ?? false);
    if (problem) return { at, problem, entry };
    before = entry;
  }
  return undefined;
}

/** What only the head and the appointment tell: that the last entries are there, and no others. */
function wrongEnd({ entries, appointment, head }: Chain): Wrong | undefined {
  const at = entries.length;
  const last = entries.at(-1);
  if (!appointment) return { at: 1, problem: 'there is no such appointment', entry: entries[0] };
  if (!head) return { at: at + 1, problem: 'the head of the trail is missing' };
  if (!last || head.entries > at || appointment.version > at) return { at: at + 1, problem: missing };
  if (head.entries !== at || head.hash !== last.hash)
    return { at, problem: 'the head of the trail is another', entry: last };
  if (appointment.version !== last.version || appointment.status !== last.newStatus)
    return { at, problem: 'the appointment is in another state than its trail says', entry: last };
  return undefined;
}

function problemOf(
  entry: ChainedEntry,
  before: ChainedEntry | undefined,
  erased: boolean,
): string | undefined {
  const { content, personal, personalDigest, origin } = entry;
  if (digest([before?.hash ?? '', ...content, personalDigest, ...origin]) !== entry.hash)
    return 'the entry was changed, or one before it';
  if (personal.salt === null ? !erased : digest([personal.salt, ...personal.fields]) !== personalDigest)
    return 'who did it was changed';
  if (entry.version !== entry.position) return 'a change of the appointment has no entry, or more than one';
  if (entry.previousStatus !== (before?.newStatus ?? null)) return 'the status before is another';
  return undefined;
}
