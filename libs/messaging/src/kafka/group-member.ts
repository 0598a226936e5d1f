// A member of a group for as long as the process wants it: when its client breaks, for whatever reason, another one
// takes its place.
import { MemberLife, type MemberOptions } from './member-life.js';
import { pause } from './pause.js';

export interface GroupMember {
  /** Resolves when it has its first share of the partitions. */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

const shortestRestMs = 250;
const longestRestMs = 5_000;

export function joinGroup(options: Omit<MemberOptions, 'onJoined'>): GroupMember {
  const closing = new AbortController();
  let onJoined = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    onJoined = resolve;
  });

  const closed = (): boolean => closing.signal.aborted;

  const live = async (): Promise<void> => {
    let restMs = shortestRestMs;
    while (!closed()) {
      const life = new MemberLife({
        ...options,
        onJoined: () => {
          restMs = shortestRestMs;
          onJoined();
        },
      });
      try {
        await life.run(closing.signal);
      } catch (error) {
        if (closed()) return;
        const { log, group } = options;
        log.warn({ err: error, group }, 'a Kafka consumer ended; another begins');
      }
      // Jitter, so that all apps do not return to a restarted broker in the same instant.
      await pause(restMs * (0.5 + Math.random() / 2), closing.signal);
      restMs = Math.min(2 * restMs, longestRestMs);
    }
  };
  const ended = live().finally(onJoined);

  return {
    started,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}
