// The walk over all hash-chained trails of one database, page by page: how much there is, and what is broken.
import { createHash } from 'node:crypto';
import type { ChainedEntry, ChainFault } from './hash-chain.js';

/** A trail that is walked over. */
export interface WalkedTrail {
  /** Of what it tells; trails are read in the order of these UUIDs. */
  readonly subjectId: string;
  readonly head: { readonly hash: string } | null;
  readonly entries: readonly Pick<ChainedEntry, 'people'>[];
}

export interface BrokenTrail {
  readonly subjectId: string;
  /** Of the first entry that is wrong; where entries are missing, the first missing one. */
  readonly position: number;
  /** Null where the entry is missing. */
  readonly entryId: string | null;
  readonly problem: string;
}

export interface TrailReport {
  readonly subjects: number;
  readonly entries: number;
  /** Entries that name somebody no more who was erased. */
  readonly erased: number;
  /** The first wrong entry of each broken trail, at most 100. */
  readonly broken: readonly BrokenTrail[];
  /** One hash over the heads of all trails: the same only if all of them are. */
  readonly digest: string;
}

const mostBroken = 100;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * @param readAfter the trails of the next subjects after this one, in order; none at the end.
 * @param faultOf the first thing wrong with a trail.
 */
export async function walkTrails<Trail extends WalkedTrail>(
  readAfter: (subjectId: string) => Promise<readonly Trail[]>,
  faultOf: (trail: Trail) => ChainFault | undefined,
): Promise<TrailReport> {
  const heads = createHash('sha256');
  const broken: BrokenTrail[] = [];
  const report = { subjects: 0, entries: 0, erased: 0, broken };
  let after = beforeAll;
  for (;;) {
    const trails = await readAfter(after);
    const last = trails.at(-1);
    if (!last) return { ...report, digest: heads.digest('hex') };
    after = last.subjectId;
    for (const trail of trails) {
      const { subjectId, entries, head } = trail;
      report.subjects += 1;
      report.entries += entries.length;
      report.erased += entries.filter(({ people }) => people.some(({ salt }) => salt === null)).length;
      heads.update(`${subjectId} ${head?.hash ?? ''}\n`);
      const fault = faultOf(trail);
      if (fault && broken.length < mostBroken)
        broken.push({ subjectId, position: fault.at, entryId: fault.entryId, problem: fault.problem });
    }
  }
}
