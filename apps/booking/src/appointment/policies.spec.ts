import fc from 'fast-check';
import { policyFor, refundBasisPoints, type CancellationPolicy } from './cancellation.policy.js';
import { confirmationDeadline, paymentDeadline, retryDeadline } from './deadline.policy.js';
import { bookingNumber } from './booking-number.js';
import { admittedMode, modeFor, noBetterThan } from './mode.policy.js';

const now = new Date('2026-12-01T12:00:00Z');
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);
const tiers: CancellationPolicy = { kind: 'TIERS', noticeHours: 24, feePercent: 0 };
const share = (policy: CancellationPolicy, before: number, byPatient = true): number =>
  refundBasisPoints(policy, { start: hours(before), now, byPatient });

describe('the refund', () => {
  it('of the platform is all from 24 hours, half from 12, else nothing; both boundaries inclusive (BK-078, Y-03)', () => {
    expect([48, 24, 23.999, 12, 11.999, 1].map((before) => share(tiers, before))).toEqual([
      10_000, 10_000, 5_000, 5_000, 0, 0,
    ]);
  });

  it('of a policy set on purpose is all up to the notice, then less the fee (Y-22)', () => {
    const policy: CancellationPolicy = { kind: 'NOTICE', noticeHours: 48, feePercent: 30 };
    expect([48, 47.999, 1].map((before) => share(policy, before))).toEqual([10_000, 7_000, 7_000]);
  });

  it('is all when the practice calls off, however late (Y-02)', () => {
    expect(share(tiers, 0.1, false)).toBe(10_000);
  });

  it('is elapsed hours across a clock change (Y-03)', () => {
    // New York goes back an hour on 1 November 2026: 10:00 to 10:00 is 25 hours.
    const noticed = refundBasisPoints(tiers, {
      start: new Date('2026-11-01T15:00:00Z'),
      now: new Date('2026-10-31T14:30:00Z'),
      byPatient: true,
    });
    expect(noticed).toBe(10_000);
  });

  it('never leaves 0 to 10000 and never grows as the start comes nearer', () => {
    const policy = fc.record({
      kind: fc.constantFrom('NOTICE' as const, 'TIERS' as const),
      noticeHours: fc.integer({ min: 0, max: 720 }),
      feePercent: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(
        policy,
        fc.double({ min: 0, max: 1000, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (rule, a, b) => {
          const [sooner, later] = [share(rule, Math.min(a, b)), share(rule, Math.max(a, b))];
          expect(sooner).toBeGreaterThanOrEqual(0);
          expect(later).toBeLessThanOrEqual(10_000);
          expect(sooner).toBeLessThanOrEqual(later);
        },
      ),
    );
  });

  it("follows the type's policy, else the provider's if set on purpose, else the platform's (Y-02)", () => {
    const provider = { cancellationNoticeHours: 48, cancellationFeePercent: 20 };
    expect(policyFor({ noticeHours: 6, feePercent: 10 }, provider)).toEqual({
      kind: 'NOTICE',
      noticeHours: 6,
      feePercent: 10,
    });
    expect(policyFor(null, provider)).toEqual({ kind: 'NOTICE', noticeHours: 48, feePercent: 20 });
    expect(policyFor(null, { cancellationNoticeHours: null, cancellationFeePercent: 0 }).kind).toBe('TIERS');
  });
});

describe('deadlines', () => {
  it('to answer are hours from now, an hour before the start, and 12 hours before the hold ends (Y-11)', () => {
    const deadline = (start: number, heldUntil: number | null): Date =>
      confirmationDeadline({
        now,
        start: hours(start),
        hours: 24,
        heldUntil: heldUntil === null ? null : hours(heldUntil),
      });
    expect(deadline(200, 168)).toEqual(hours(24));
    expect(deadline(10, 168)).toEqual(hours(9));
    expect(deadline(200, 30)).toEqual(hours(18));
    expect(deadline(200, null)).toEqual(hours(24));
  });

  it('to pay never lie behind the start (Y-28)', () => {
    expect(paymentDeadline(now, hours(48), 15)).toEqual(hours(0.25));
    expect(paymentDeadline(now, hours(0.1), 15)).toEqual(hours(0.1));
    expect(retryDeadline(now, hours(48))).toEqual(hours(24));
    expect(retryDeadline(now, hours(5))).toEqual(hours(5));
  });
});

describe('the mode', () => {
  const settings = { mode: 'REQUEST' as const, modeOverride: false };

  it('follows the calendar: connected is instant, without one it is a request (BK-057, BK-058, BK-059)', () => {
    expect(modeFor(settings, 'CONNECTED')).toEqual({ mode: 'INSTANT', modeReason: 'CALENDAR_CONNECTED' });
    expect(modeFor(settings, 'NOT_CONNECTED')).toEqual({ mode: 'REQUEST', modeReason: 'NO_CALENDAR' });
  });

  it('is a request while the calendar cannot be believed (BY-003)', () => {
    expect(modeFor(settings, 'STALE')).toEqual({ mode: 'REQUEST', modeReason: 'CALENDAR_STALE' });
    expect(modeFor(settings, 'RECONNECT_NEEDED').mode).toBe('REQUEST');
  });

  it('keeps a manual choice (BK-059)', () => {
    expect(modeFor({ mode: 'INSTANT', modeOverride: true }, 'NOT_CONNECTED').mode).toBe('INSTANT');
    expect(modeFor({ mode: 'REQUEST', modeOverride: true }, 'CONNECTED').mode).toBe('REQUEST');
  });

  it('is never better than what was offered', () => {
    const instant = { mode: 'INSTANT', modeReason: 'PROVIDER_SETTING' } as const;
    expect(noBetterThan('REQUEST', instant).mode).toBe('REQUEST');
    expect(noBetterThan('INSTANT', { mode: 'REQUEST', modeReason: 'CALENDAR_STALE' }).mode).toBe('REQUEST');
  });
});

describe('the mode that flags leave', () => {
  const providerId = '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03';
  const left = (values: Record<string, boolean | number>, mode: 'INSTANT' | 'REQUEST') => {
    const known = new Map(Object.entries(values).map(([key, value]) => [key, { value, providers: {} }]));
    const outcome = admittedMode((key) => known.get(key), providerId, mode);
    return typeof outcome === 'string' ? outcome : outcome.code;
  };

  it.each([
    [{}, 'INSTANT', 'REQUEST'],
    [{ 'booking.instant_mode_enabled': false }, 'REQUEST', 'REQUEST'],
    [{ 'booking.request_mode_enabled': false }, 'INSTANT', 'REQUEST_MODE_DISABLED'],
    [{ 'booking.request_mode_percentage': 0 }, 'INSTANT', 'REQUEST_MODE_DISABLED'],
    [{ 'booking.request_mode_percentage': 0, 'booking.request_mode_enabled': true }, 'INSTANT', 'REQUEST'],
    [
      { 'booking.instant_mode_enabled': false, 'booking.request_mode_enabled': false },
      'REQUEST_MODE_DISABLED',
      'REQUEST_MODE_DISABLED',
    ],
    [
      { 'booking.disable_all_bookings': true, 'booking.instant_mode_enabled': true },
      'BOOKINGS_DISABLED',
      'BOOKINGS_DISABLED',
    ],
  ])('with %o is %s of an instant booking and %s of a request', (values, instant, request) => {
    expect([left(values, 'INSTANT'), left(values, 'REQUEST')]).toEqual([instant, request]);
  });
});

describe('a booking number', () => {
  it("carries the prefix, the day in the provider's zone, and five letters that nobody mishears (BK-001, X-14)", () => {
    const number = bookingNumber('CG', new Date('2026-01-16T03:00:00Z'), 'America/New_York');
    expect(number).toMatch(/^CG-20260115-[0-9A-HJKMNP-TV-Z]{5}$/);
  });
});
