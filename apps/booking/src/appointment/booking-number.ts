// The number that people read to each other on the phone: CG-20260115-A7B3C (BK-001).
import { randomInt } from 'node:crypto';

/** Base 32 without I, L, O and U, which are misread or misheard. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The date is the day of the appointment in the provider's zone. Unique by a constraint; the caller tries again. */
export function bookingNumber(prefix: string, start: Date, zone: string): string {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
    .format(start)
    .replaceAll('-', '');
  const tail = Array.from({ length: 5 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return `${prefix}-${date}-${tail}`;
}
