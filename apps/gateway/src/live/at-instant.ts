// A timer for an instant that may be far away.

/** Timers count in 32 bits of milliseconds; for what is later they are set again. */
const longestTimer = 2_147_483_647;

/** Acts once the instant has come, never for null. Returns how to stop. */
export function atInstant(instant: Date | null, act: () => void): () => void {
  if (!instant) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const remaining = instant.getTime() - Date.now();
    timer = setTimeout(
      () => {
        if (Date.now() >= instant.getTime()) act();
        else wait();
      },
      Math.min(Math.max(remaining, 0), longestTimer),
    );
  };
  wait();
  return () => {
    clearTimeout(timer);
  };
}
