// When a mail that the vendor certainly did not take is tried again.

export const mostAttempts = 10;
const firstPauseSeconds = 5;
const longestPauseSeconds = 900;

/** 5 s, 10 s, 20 s … 15 minutes, and never before the vendor said; undefined after the last attempt. */
export function retryAt(attempts: number, retryAfterSeconds: number, now: Date): Date | undefined {
  if (attempts >= mostAttempts) return undefined;
  const pause = Math.min(firstPauseSeconds * 2 ** (attempts - 1), longestPauseSeconds);
  return new Date(now.getTime() + Math.max(pause, retryAfterSeconds) * 1_000);
}
