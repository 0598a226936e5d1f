import {
  changedOverride,
  changedSettings,
  defaultBookingSettings,
  faultsInSettings,
  resolved,
} from './booking-settings.policy.js';

describe('booking settings', () => {
  it.each([
    ['a request to a provider without a calendar (BK-059)', { mode: 'REQUEST', modeOverride: false }],
    ['a day to answer a request (BK-061)', { confirmationDeadlineHours: 24 }],
    ['a day of notice (BK-062)', { minimumNoticeHours: 24 }],
    ['60 days of advance (BK-063)', { maximumAdvanceDays: 60 }],
    ['15 minutes of buffer (BK-064)', { bufferMinutes: 15 }],
    [
      'two moves, a day before (BK-065)',
      { allowReschedule: true, maxRescheduleAttempts: 2, rescheduleNoticeHours: 24 },
    ],
    ['starts every half hour (BK-067)', { slotDurationMinutes: 30 }],
  ])('begin with %s', (_, expected) => {
    expect(defaultBookingSettings).toMatchObject(expected);
  });

  it('begin with no cancellation policy set on purpose (Y-22)', () => {
    expect(defaultBookingSettings).toMatchObject({
      allowCancellation: true,
      cancellationNoticeHours: null,
      cancellationFeePercent: 0,
    });
  });

  it.each([
    ['confirmationDeadlineHours', 4, 72, 'BK-061'],
    ['minimumNoticeHours', 1, 168, 'BK-062'],
    ['maximumAdvanceDays', 7, 365, 'BK-063'],
    ['bufferMinutes', 0, 60, 'BK-064'],
    ['maxRescheduleAttempts', 1, 5, 'BK-065'],
    ['rescheduleNoticeHours', 1, 8760, 'BK-065'],
    ['cancellationNoticeHours', 0, 8760, 'BK-066'],
    ['cancellationFeePercent', 0, 100, 'BK-066'],
  ] as const)('keep %s between %s and %s (%s)', (field, least, most, _) => {
    const faulty = (value: number): string[] =>
      faultsInSettings({ [field]: value }).map((fault) => fault.field);
    expect([least - 1, least, most, most + 1].map(faulty)).toEqual([[field], [], [], [field]]);
  });

  it("are the provider's own where set, else the practice's (Y-21)", () => {
    const practice = changedSettings(defaultBookingSettings, { bufferMinutes: 30 });
    expect(resolved(practice, { minimumNoticeHours: 1 })).toEqual({
      ...defaultBookingSettings,
      bufferMinutes: 30,
      minimumNoticeHours: 1,
    });
  });

  it('go back to what stands behind them when set to null, and stay when left out', () => {
    const practice = changedSettings(defaultBookingSettings, { bufferMinutes: 30, maximumAdvanceDays: 90 });
    expect(changedSettings(practice, { bufferMinutes: null })).toMatchObject({
      bufferMinutes: 15,
      maximumAdvanceDays: 90,
    });
    const own = changedOverride({}, { minimumNoticeHours: 1, bufferMinutes: 5 });
    expect(changedOverride(own, { bufferMinutes: null })).toEqual({ minimumNoticeHours: 1 });
  });
});
