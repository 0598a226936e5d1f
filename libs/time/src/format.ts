// Instants as people read them, always in a named zone and with the zone shown.

export type InstantStyle = 'date' | 'time' | 'dateTime';

const parts: Record<InstantStyle, Intl.DateTimeFormatOptions> = {
  date: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  dateTime: {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  },
};

/** Making a formatter costs a thousand times as much as using one. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant for people: `Sunday, March 8, 2026 at 9:00 AM EDT`. Times carry their zone, dates do not. Throws a
 * RangeError for an unknown zone, a malformed locale or an invalid date.
 */
export function formatInstant(
  instant: Date,
  timeZone: string,
  style: InstantStyle = 'dateTime',
  locale = 'en-US',
): string {
  const key = `${locale} ${timeZone} ${style}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { ...parts[style], timeZone });
    formatters.set(key, formatter);
  }
  // ICU puts narrow no-break spaces before AM and PM; one such letter makes a text message twice as dear.
  return formatter.format(instant).replace(/[\u202f\u00a0]/g, ' ');
}
