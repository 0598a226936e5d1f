// What an appointment's trail must be: a hash chain (migration 20261121T1230 writes it, libs/runtime checks it) with
// exactly one entry for each version of the appointment, each of which begins where the one before ended.
import { endFault, entryFault, type ChainedEntry, type ChainFault } from '@caregraph/runtime';

/** An entry of an appointment's trail. */
export interface ChangeEntry extends ChainedEntry {
  readonly version: number;
  readonly previousStatus: string | null;
  readonly newStatus: string;
}

/** An appointment's trail, with what the rest of the database says it must be. */
export interface Chain {
  /** The appointment's id. */
  readonly subjectId: string;
  /** Null: there is no such appointment. */
  readonly appointment: {
    readonly status: string;
    readonly version: number;
    readonly erased: boolean;
  } | null;
  /** Null: there is no head. */
  readonly head: { readonly entries: number; readonly hash: string } | null;
  /** By position. */
  readonly entries: readonly ChangeEntry[];
}

/** The first thing wrong with a trail. Also I7: each version of the appointment has exactly one entry. */
export function faultOf({ appointment, head, entries }: Chain): ChainFault | undefined {
  const mayBeErased = (): boolean => appointment?.erased ?? false;
  return (
    entryFault(entries, { mayBeErased, problem: problemOf }) ??
    (appointment
      ? (endFault({ entries, head, expected: appointment.version }) ?? stateFault(appointment, entries))
      : { at: 1, entryId: entries[0]?.id ?? null, problem: 'there is no such appointment' })
  );
}

function stateFault(
  { status, version }: NonNullable<Chain['appointment']>,
  entries: readonly ChangeEntry[],
): ChainFault | undefined {
  const last = entries.at(-1);
  if (last?.version === version && last.newStatus === status) return undefined;
  const problem = 'the appointment is in another state than its trail says';
  return { at: entries.length, entryId: last?.id ?? null, problem };
}

function problemOf(entry: ChangeEntry, before: ChangeEntry | undefined): string | undefined {
  if (entry.version !== entry.position) return 'a change of the appointment has no entry, or more than one';
  if (entry.previousStatus !== (before?.newStatus ?? null)) return 'the status before is another';
  return undefined;
}
