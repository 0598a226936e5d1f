// How soon and how far ahead a patient may book (BK-062, BK-063).

const hour = 3_600_000;

/** Both ends may be booked. */
export interface BookingWindow {
  readonly earliestStart: Date;
  readonly latestStart: Date;
}

/**
 * A start exactly at the minimum notice is allowed, and one exactly at the maximum advance too. Hours and days are
 * elapsed time (a day is 24 hours), so that the answer is the same in every zone.
 */
export const bookingWindow = (
  settings: { readonly minimumNoticeHours: number; readonly maximumAdvanceDays: number },
  now: Date,
): BookingWindow => ({
  earliestStart: new Date(now.getTime() + settings.minimumNoticeHours * hour),
  latestStart: new Date(now.getTime() + settings.maximumAdvanceDays * 24 * hour),
});
