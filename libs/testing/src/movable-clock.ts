// The business clock in a spec's hand. It has the shape of libs/runtime's Clock.

export interface MovableClock {
  now(): Date;
  onAdvance(listener: (byMilliseconds: number) => void): () => void;
  /** Jumps, and tells whoever listens. */
  advance(byMilliseconds: number): void;
}

/** Stands still at the instant until it is advanced. */
export function fixedClock(at: Date): MovableClock {
  let now = at.getTime();
  return movable(
    () => new Date(now),
    (byMilliseconds) => {
      now += byMilliseconds;
    },
  );
}

/** The machine's time plus an offset, as development has it. */
export function offsetClock(offsetMs = 0): MovableClock {
  let offset = offsetMs;
  return movable(
    () => new Date(Date.now() + offset),
    (byMilliseconds) => {
      offset += byMilliseconds;
    },
  );
}

function movable(now: () => Date, move: (byMilliseconds: number) => void): MovableClock {
  const listeners = new Set<(byMilliseconds: number) => void>();
  return {
    now,
    onAdvance: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    advance: (byMilliseconds) => {
      move(byMilliseconds);
      for (const listener of listeners) listener(byMilliseconds);
    },
  };
}
