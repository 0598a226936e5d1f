// What time it is for the business: the machine's time, shifted in development by the sandbox's offset.
// Tokens, TLS and webhook signatures never use it: they keep real time.
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from './log.js';

export interface Clock {
  now(): Date;
  /** Calls the listener after the clock jumped, with the jump in milliseconds. Returns how to stop listening. */
  onAdvance(listener: (byMilliseconds: number) => void): () => void;
}

export interface StoppableClock extends Clock {
  stop(): void;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  onAdvance: () => () => undefined,
};

/**
 * Follows the sandbox's offset by long polling, so that one `clock/advance` moves all apps within milliseconds.
 * Resolves after the first answer, so that no app starts in the wrong time.
 */
export async function followSandboxClock(sandboxUrl: string, log: Logger): Promise<StoppableClock> {
  const listeners = new Set<(byMilliseconds: number) => void>();
  const ended = new AbortController();
  let offsetMs = 0;

  const ask = async (after: number): Promise<void> => {
    const url = new URL(`/_sandbox/clock?after=${after}`, sandboxUrl);
    const response = await fetch(url, {
      signal: AbortSignal.any([ended.signal, AbortSignal.timeout(35_000)]),
    });
    if (!response.ok) throw new Error(`The sandbox's clock answered ${response.status}.`);
    const answer = (await response.json()) as { offsetMs: number };
    const jump = answer.offsetMs - offsetMs;
    if (jump === 0) return;
    offsetMs = answer.offsetMs;
    log.info({ offsetMs }, 'the development clock was moved');
    for (const listener of listeners) {
      try {
        listener(jump);
      } catch (error) {
        log.error({ err: error }, 'a listener to the clock failed');
      }
    }
  };

  // -1 is no offset the sandbox ever has, so the first question is answered at once.
  await ask(-1);
  const isOver = (): boolean => ended.signal.aborted;
  const follow = async (): Promise<void> => {
    while (!isOver()) {
      try {
        await ask(offsetMs);
      } catch (error) {
        if (isOver()) return;
        log.warn({ err: error }, 'the sandbox clock does not answer');
        await pause(1_000, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
  };
  void follow();

  return {
    now: () => new Date(Date.now() + offsetMs),
    onAdvance: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      ended.abort();
    },
  };
}

/** The clock that the configuration asks for: the sandbox's when it is allowed, else the machine's. */
export function clockOf(
  config: { readonly ALLOW_SANDBOX: boolean; readonly SANDBOX_URL?: string | undefined },
  log: Logger,
): Promise<StoppableClock> {
  return config.ALLOW_SANDBOX && config.SANDBOX_URL
    ? followSandboxClock(config.SANDBOX_URL, log)
    : Promise.resolve({ ...systemClock, stop: () => undefined });
}
