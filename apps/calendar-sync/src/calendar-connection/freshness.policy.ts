// How old what we know of an outside calendar may be before it is not believed any more.

/** Two of the 15-minute rounds in which a failed sync is tried again (CS-006): one lost round is no reason to doubt. */
export const freshMinutes = 30;

/** @param lastSyncedAt null: never read, which is never fresh. */
export const isFresh = (lastSyncedAt: Date | null, now: Date): boolean =>
  lastSyncedAt !== null && now.getTime() - lastSyncedAt.getTime() <= freshMinutes * 60_000;
