// Waiting for what can be seen, and never for a time.

/**
 * Asks until the answer is not undefined, or the look throws no more; the last fault is thrown when it takes too long.
 * @param what named in the error: "the appointment is confirmed".
 */
export async function eventually<Seen>(
  what: string,
  look: () => Promise<Seen | undefined> | Seen | undefined,
  { withinMs = 20_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Seen> {
  const until = performance.now() + withinMs;
  let last: unknown;
  do {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  } while (performance.now() < until);
  const why = last instanceof Error ? ` Last: ${last.message}` : '';
  throw new Error(`Waited ${withinMs} ms in vain: ${what}.${why}`, { cause: last });
}
