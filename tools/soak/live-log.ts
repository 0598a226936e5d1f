// What each subscriber heard and when, and what each must have heard: every change of what it watches, in order, or a mark
// that it may have missed something.

/** Milliseconds of the wall clock, as the audit trail has them. */
type Instant = number;

export type Heard =
  /** The subscription was asked for: the first time, or again on a new connection. Whoever asks reads anew when the first result is there. */
  | { readonly kind: 'asked'; readonly at: Instant }
  | {
      readonly kind: 'event';
      readonly at: Instant;
      readonly appointmentId: string;
      readonly version: number;
      /** Whether it says that something may have been missed. */
      readonly resync: boolean;
    }
  /** A mark alone. */
  | { readonly kind: 'resync'; readonly at: Instant }
  /** Its connection was ended by the other side. */
  | { readonly kind: 'cut'; readonly at: Instant; readonly code: string }
  /** It was told an error, or that it is over. */
  | { readonly kind: 'failed'; readonly at: Instant; readonly why: string };

export interface Topic {
  readonly field: 'appointmentId' | 'providerId' | 'practiceId';
  readonly id: string;
}

export interface Subscriber {
  readonly name: string;
  readonly topic: Topic;
  readonly heard: Heard[];
  /** When it left by itself. */
  leftAt?: Instant;
}

export interface Change {
  readonly appointmentId: string;
  readonly providerId: string;
  readonly practiceId: string;
  readonly version: number;
  readonly at: Instant;
}

/** How soon after a change its event must be there, also on a machine with too much to do; a later version says the same. */
const withinMs = 20_000;
/** How long a subscription that was lost may take to come back with its mark. */
const markWithinMs = 30_000;
/** How long a subscription without anything to show may take to be in force. */
const inForceMs = 2_000;

/** What a subscriber missed without being told, and what came in the wrong order. */
export function missedBy(subscriber: Subscriber, changes: readonly Change[]): string[] {
  const marks = marksOf(subscriber.heard);
  const [begin] = marks;
  if (begin === undefined) return [`${subscriber.name} never asked`];
  const end = (subscriber.leftAt ?? Infinity) - withinMs;
  const due = changes.filter(
    (change) =>
      change[subscriber.topic.field] === subscriber.topic.id && change.at > begin && change.at < end,
  );
  const seen = eventsByAppointment(subscriber.heard);
  const missed = due.filter(
    ({ appointmentId, version, at }) =>
      !(seen.get(appointmentId) ?? []).some((one) => one.version >= version && one.at <= at + withinMs) &&
      !marks.some((mark) => mark >= at && mark <= at + markWithinMs),
  );
  return [
    ...missed.map(
      ({ appointmentId, version, at }) =>
        `${subscriber.name} missed v${version} of ${appointmentId} at ${new Date(at).toISOString()}`,
    ),
    ...[...seen].flatMap(([id, events]) => backwards(subscriber.name, id, events)),
  ];
}

/** The instants at which it knew that it had to look for itself. */
function marksOf(heard: readonly Heard[]): Instant[] {
  return heard.flatMap((line, index) => {
    if (line.kind === 'resync' || (line.kind === 'event' && line.resync)) return [line.at];
    if (line.kind !== 'asked') return [];
    const next = heard[index + 1];
    const inForce = next?.kind === 'event' || next?.kind === 'resync' ? next.at : Infinity;
    return [Math.min(inForce, line.at + inForceMs)];
  });
}

type Event = Extract<Heard, { readonly kind: 'event' }>;

function eventsByAppointment(heard: readonly Heard[]): Map<string, Event[]> {
  const events = new Map<string, Event[]>();
  for (const line of heard) {
    if (line.kind !== 'event') continue;
    const list = events.get(line.appointmentId);
    if (list) list.push(line);
    else events.set(line.appointmentId, [line]);
  }
  return events;
}

const backwards = (name: string, id: string, events: readonly Event[]): string[] =>
  events.flatMap((event, index) => {
    const before = events[index - 1];
    return before && event.version < before.version
      ? [`${name} heard v${event.version} of ${id} after v${before.version}`]
      : [];
  });

/** How long each change took to each subscriber who heard of it, milliseconds. */
export function delaysOf({ heard, topic }: Subscriber, changes: readonly Change[]): number[] {
  const seen = eventsByAppointment(heard);
  const [begin = Infinity] = marksOf(heard);
  return changes.flatMap((change) => {
    if (change[topic.field] !== topic.id || change.at < begin) return [];
    const event = (seen.get(change.appointmentId) ?? []).find(({ version }) => version >= change.version);
    return event ? [event.at - change.at] : [];
  });
}

/** What it was told that no subscriber should be. */
export const failuresOf = ({ name, heard }: Subscriber): string[] =>
  heard.flatMap((line) =>
    line.kind === 'failed' ? [`${new Date(line.at).toISOString()} ${name}: ${line.why}`] : [],
  );
