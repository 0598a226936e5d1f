// Bounds how much runs at once: each running piece takes a database connection.

export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs what it is given, at most `most` at a time, the rest in the order of asking. */
export function limit(most: number): Limit {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place goes straight to the next one, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
