// How times and refunds are put to people. Decided when the message is written, in the zone of who reads it.
import { formatInstant, TimeZone } from '@caregraph/time';

/** The start of an appointment as one reader sees it. */
export interface When {
  /** `Tuesday, December 1, 2026` */
  readonly date: string;
  /** `10:00 AM EST`: always with the zone. */
  readonly time: string;
  readonly today: boolean;
  /** Only when it is tomorrow on the reader's own calendar, which 24 hours ahead need not be. */
  readonly tomorrow: boolean;
}

export function when(
  start: Date,
  reader: { readonly timeZone: string; readonly locale: string; readonly now: Date },
): When {
  const zone = TimeZone.of(reader.timeZone);
  const daysAhead = zone.dayAt(start.getTime()) - zone.dayAt(reader.now.getTime());
  return {
    date: formatInstant(start, reader.timeZone, 'date', reader.locale),
    time: formatInstant(start, reader.timeZone, 'time', reader.locale),
    today: daysAhead === 0,
    tomorrow: daysAhead === 1,
  };
}

/** What is said about the money of an appointment that is over; at most one of them is true. */
export interface RefundWords {
  /** The whole amount goes back or is released. */
  readonly all: boolean;
  readonly none: boolean;
  /** The share that goes back, for example `33.33`; null unless it is between nothing and all. */
  readonly percent: string | null;
}

/** @param basisPoints null: nothing was said of it, so nothing is promised. */
export function refundWords(nothingDue: boolean, basisPoints: number | null): RefundWords {
  if (nothingDue || basisPoints === null) return { all: false, none: false, percent: null };
  if (basisPoints === 0 || basisPoints === 10_000)
    return { all: basisPoints > 0, none: basisPoints === 0, percent: null };
  // A basis point is a hundredth of a percent, so two decimals are exact and nothing is rounded up.
  return { all: false, none: false, percent: String(basisPoints / 100) };
}

/** One line: what stands in a subject, or in a name, can begin no header of its own. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
