// One thing done again and again, never twice at a time, at once when asked to.

export interface Repeated {
  /** Does it now, or again straight after the run that is in progress. */
  now: () => void;
  stop: () => Promise<void>;
}

const afterErrorMs = 1_000;

/** `step` answers how long to wait until the next one, in milliseconds. The first one starts immediately. */
export function repeat(step: () => Promise<number>, onError: (error: unknown) => void): Repeated {
  const stopping = new AbortController();
  let timesAsked = 0;
  let wake = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const askedBefore = timesAsked;
      const waitMs = await step().catch((error: unknown) => {
        onError(error);
        return afterErrorMs;
      });
      if (timesAsked === askedBefore) await pause(waitMs);
    }
  };
  const now = (): void => {
    timesAsked += 1;
    wake();
  };
  const running = run();
  return {
    now,
    stop: async () => {
      stopping.abort();
      now();
      await running;
    },
  };
}
