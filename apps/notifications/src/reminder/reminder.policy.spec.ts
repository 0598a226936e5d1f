import { reminderAt } from './reminder.policy.js';

describe('a reminder', () => {
  const start = new Date('2026-03-08T18:00:00.000Z');

  it('is due 24 hours before the start, to the second, also across a clock change', () => {
    expect(reminderAt(start, new Date('2026-03-01T00:00:00.000Z'))).toEqual(
      new Date('2026-03-07T18:00:00.000Z'),
    );
  });

  it('is not planned when its time has come or passed (X-21)', () => {
    expect(reminderAt(start, new Date('2026-03-07T18:00:00.000Z'))).toBeUndefined();
    expect(reminderAt(start, new Date('2026-03-08T10:00:00.000Z'))).toBeUndefined();
    expect(reminderAt(start, new Date('2026-03-07T17:59:59.999Z'))).toBeDefined();
  });
});
