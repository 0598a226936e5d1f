// How often, and after which pauses, a failed event is tried again.

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly tries: number;
  /** The longest pause before the second try; it doubles from try to try. */
  readonly firstPauseMs: number;
}

/** Six tries within ten seconds: long enough for a deadlock or a restart, short enough for the key's later events. */
export const defaultRetry: RetryPolicy = { tries: 6, firstPauseMs: 300 };

/** Full jitter: any pause between nothing and the exponential bound, so that failed events do not return in step. */
export const pauseBefore = (attempt: number, policy: RetryPolicy, random = Math.random()): number =>
  random * policy.firstPauseMs * 2 ** Math.max(0, attempt - 2);
