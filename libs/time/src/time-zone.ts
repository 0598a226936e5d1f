// Time zones as tables: Temporal is asked once for a zone's changes of offset, after that every conversion between
// wall clock and instant is a binary search.
import { Temporal } from 'temporal-polyfill';
import { countUpTo } from './sorted.js';

const day = 86_400_000;
/** About 8.7 years. Tables are made per span when first asked for, so that no date can make one grow without end. */
const span = 2 ** 38;
/** A table reaches beyond its span, because a wall clock is up to 16 hours away from its instant. */
const margin = 2 * day;

/** `offsets[i]` counts from instant `starts[i]` until `starts[i + 1]`; both in milliseconds. */
interface Table {
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}

/**
 * An IANA time zone. Instants are epoch milliseconds; a *wall time* is what the clock on the wall shows, written as the
 * epoch milliseconds at which a clock in UTC would show it.
 */
export class TimeZone {
  private readonly tables = new Map<number, Table>();

  private constructor(readonly name: string) {}

  private static readonly known = new Map<string, TimeZone>();

  /** The zone of that name, always the same object. Throws a RangeError when `isTimeZone` says no. */
  static of(name: string): TimeZone {
    const known = TimeZone.known.get(name);
    if (known) return known;
    // Only the one spelling of each zone is kept, so that callers cannot fill the memory with variants.
    const canonical = parseTimeZone(name);
    if (canonical === undefined) throw new RangeError(`Not an IANA time zone: ${name.slice(0, 50)}`);
    const zone = TimeZone.known.get(canonical) ?? new TimeZone(canonical);
    TimeZone.known.set(canonical, zone);
    return zone;
  }

  /** How far the wall clock is ahead of UTC at an instant, in milliseconds; negative in the west. */
  offsetAt(instant: number): number {
    const { starts, offsets } = this.table(instant);
    return offsets[countUpTo(starts, instant) - 1] ?? 0;
  }

  /** Until when (exclusive) the offset at an instant certainly stays as it is; it may stay so for longer. */
  steadyUntil(instant: number): number {
    const { starts } = this.table(instant);
    const endOfTable = (Math.floor(instant / span) + 1) * span;
    return Math.min(starts[countUpTo(starts, instant)] ?? endOfTable, endOfTable);
  }

  /** What the wall clock shows at an instant. */
  toWall(instant: number): number {
    return instant + this.offsetAt(instant);
  }

  /**
   * The instant of a wall time, as Temporal's `compatible`: one that the clock skips moves forward by as much as the
   * clock does, and of one that it shows twice the earlier counts.
   */
  toInstant(wall: number): number {
    const { starts, offsets } = this.table(wall);
    let index = countUpTo(starts, wall - day) - 1;
    // The first stretch whose wall clock has not run past this time yet.
    while ((starts[index + 1] ?? Infinity) + (offsets[index] ?? 0) <= wall) index++;
    const instant = wall - (offsets[index] ?? 0);
    const skipped = instant < (starts[index] ?? -Infinity);
    return skipped ? wall - (offsets[index - 1] ?? 0) : instant;
  }

  /** The plain date (days since 1970-01-01) that the calendar on the wall shows at an instant. */
  dayAt(instant: number): number {
    return Math.floor(this.toWall(instant) / day);
  }

  /** The instant at which a plain date (days since 1970-01-01) begins; after midnight where the clock skips midnight. */
  startOfDay(date: number): number {
    return this.toInstant(date * day);
  }

  private table(time: number): Table {
    const number = Math.floor(time / span);
    let table = this.tables.get(number);
    if (!table) {
      table = readTable(this.name, number * span - margin, (number + 1) * span + margin);
      this.tables.set(number, table);
    }
    return table;
  }
}

/**
 * The name of an IANA time zone in its usual letters (`america/denver` is `America/Denver`), or undefined when it is
 * none. Offsets such as `+05:00`, abbreviations such as `PST` and the names that only ICU knows are none.
 */
export function parseTimeZone(text: string): string | undefined {
  if (!/^[a-z][a-z0-9_+/-]{1,49}$/i.test(text) || /^systemv\//i.test(text)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether the text names an IANA time zone that this runtime knows, in any letters. */
export const isTimeZone = (text: string): boolean => parseTimeZone(text) !== undefined;

function readTable(name: string, from: number, until: number): Table {
  const starts: number[] = [];
  const offsets: number[] = [];
  let at: Temporal.ZonedDateTime | null =
    Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(name);
  while (at && at.epochMilliseconds < until) {
    starts.push(at.epochMilliseconds);
    offsets.push(at.offsetNanoseconds / 1_000_000);
    at = at.getTimeZoneTransition('next');
  }
  return { starts, offsets };
}
