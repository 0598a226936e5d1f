// By when a provider must answer a request, and a patient must pay, or move what is confirmed.

const hour = 3_600_000;
const minute = 60_000;

/**
 * The provider's deadline: so many hours from now, at the latest an hour before the start (Y-11), and 12 hours before
 * the processor drops the hold, so that a late yes can still be captured.
 */
export function confirmationDeadline(input: {
  readonly now: Date;
  readonly start: Date;
  readonly hours: number;
  readonly heldUntil: Date | null;
}): Date {
  const candidates = [input.now.getTime() + input.hours * hour, input.start.getTime() - hour];
  if (input.heldUntil) candidates.push(input.heldUntil.getTime() - 12 * hour);
  return new Date(Math.min(...candidates));
}

/**
 * From when a provider who has not answered is warned (NT-054): four hours before his deadline; at half the time he was
 * given where that is four hours or less, since he would else be warned the moment he is asked.
 */
export function expiryWarningAt(askedAt: Date, deadline: Date): Date {
  const given = deadline.getTime() - askedAt.getTime();
  return new Date(deadline.getTime() - (given > 4 * hour ? 4 * hour : given / 2));
}

/** Unpaid by then, the time is given up (Y-28): so many minutes from now, at the latest at the start. */
export const paymentDeadline = (now: Date, start: Date, minutes: number): Date =>
  new Date(Math.min(now.getTime() + minutes * minute, start.getTime()));

/** By when another card is due after a failed capture (Y-33): 12 hours from now, at the latest an hour before the start. */
export const paymentDue = (now: Date, start: Date): Date =>
  new Date(Math.min(now.getTime() + 12 * hour, start.getTime() - hour));

/** Another card may be tried for 24 hours after a failed payment, at the latest until the start (Y-28). */
export const retryDeadline = (failedAt: Date, start: Date): Date =>
  new Date(Math.min(failedAt.getTime() + 24 * hour, start.getTime()));

/** The patient may move it up to so many hours before its start, elapsed and inclusive as with refunds (BK-065, Y-03). */
export const rescheduleDeadline = (start: Date, noticeHours: number): Date =>
  new Date(start.getTime() - noticeHours * hour);
