// When people are reminded.

/** Booked or moved later than this before the start, the confirmation is reminder enough. */
export const reminderHours = 24;

/** When the reminder of a start is due; undefined when that has passed, and none is sent. */
export function reminderAt(start: Date, now: Date): Date | undefined {
  const due = new Date(start.getTime() - reminderHours * 3_600_000);
  return due > now ? due : undefined;
}
