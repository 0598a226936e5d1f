import { formatInstant } from './format.js';

const instant = new Date('2026-03-08T13:00:00Z');

describe('an instant for people', () => {
  it('names its zone and keeps it, whatever the zone of the process (SC-009)', () => {
    expect(formatInstant(instant, 'America/New_York')).toBe('Sunday, March 8, 2026 at 9:00 AM EDT');
    expect(formatInstant(instant, 'Asia/Kolkata', 'time')).toBe('6:30 PM GMT+5:30');
  });

  it('is the date of that zone', () => {
    const evening = new Date('2026-03-09T02:00:00Z');
    expect(formatInstant(evening, 'America/Denver', 'date')).toBe('Sunday, March 8, 2026');
    expect(formatInstant(evening, 'Europe/London', 'date')).toBe('Monday, March 9, 2026');
  });

  it('follows the locale', () => {
    expect(formatInstant(instant, 'America/New_York', 'date', 'es-US')).toBe('domingo, 8 de marzo de 2026');
  });

  it('has only plain spaces, so that a text message stays in its cheap alphabet', () => {
    expect(formatInstant(instant, 'America/New_York', 'time')).toMatch(/^[ -~]+$/);
  });

  it('refuses an unknown zone', () => {
    expect(() => formatInstant(instant, 'Mars/Olympus')).toThrow(RangeError);
  });
});
