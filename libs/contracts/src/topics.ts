// The topics that carry the catalogue's events: what the admin command creates on Kafka and what Kubernetes declares.
import { catalogue } from './event.js';

export interface Topic {
  readonly name: string;
  /** Kept without end, of each key only what was said last: a new consumer learns of everything that exists. */
  readonly compacted: boolean;
  /** How long an event is kept, milliseconds; null where the topic is compacted. */
  readonly retentionMs: number | null;
  /** The types of its events. */
  readonly types: readonly string[];
}

/**
 * Topics of state: each event is all that is true of its key from then on. All others tell the steps of the
 * appointment's saga, which nobody has to hear of again a week later.
 */
const stateTopics: ReadonlySet<string> = new Set([
  'booking.claim',
  'booking.patient',
  'calendar-sync.calendar-connection',
  'platform.feature-flag',
  'platform.membership',
  'platform.partner-key',
  'platform.revoked-session',
  'scheduling.appointment-type',
  'scheduling.location',
  'scheduling.practice',
  'scheduling.provider',
]);

/** As long as the embedded log keeps them. */
const sagaRetentionMs = 7 * 24 * 3_600_000;

/** All topics of the catalogue, by name. */
export function topics(): readonly Topic[] {
  const types = new Map<string, string[]>();
  for (const { topic, type } of catalogue.values()) types.set(topic, [...(types.get(topic) ?? []), type]);
  return [...types].sort(byName).map(([name, ofTopic]) => {
    const compacted = stateTopics.has(name);
    return { name, compacted, retentionMs: compacted ? null : sagaRetentionMs, types: ofTopic.sort() };
  });
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;
