import { randomUUID } from 'node:crypto';
import {
  bucketOf,
  decideFlag,
  featureFlags,
  flagDefinition,
  isKilled,
  isOn,
  overrideFlag,
  type FlagsSet,
} from './feature-flags.js';

const provider = randomUUID();

function set(
  values: Readonly<Record<string, boolean | number>>,
  providers: Record<string, boolean> = {},
): FlagsSet {
  return (key) => {
    const value = values[key] ?? null;
    const own = key === 'booking.request_mode_enabled' ? providers : {};
    return value === null && Object.keys(own).length === 0 ? undefined : { value, providers: own };
  };
}
const request = (values: Readonly<Record<string, boolean | number>>, providers?: Record<string, boolean>) =>
  isOn(set(values, providers), 'booking.request_mode_enabled', provider);

describe('the feature flags', () => {
  it('are these, with these defaults (GW-007)', () => {
    expect(Object.fromEntries([...featureFlags].map(([key, flag]) => [key, flag.default]))).toEqual({
      'booking.request_mode_enabled': true,
      'booking.instant_mode_enabled': true,
      'booking.payment_holds_enabled': true,
      'payment.partial_refunds_enabled': true,
      'booking.request_mode_percentage': 100,
      'booking.disable_all_bookings': false,
      'payment.disable_captures': false,
    });
  });

  it('of labels are off until they are set', () => {
    expect(flagDefinition(overrideFlag('move-payments'))).toMatchObject({ kind: 'switch', default: false });
    expect(flagDefinition('booking.anything')).toBeUndefined();
    expect(flagDefinition('override.')).toBeUndefined();
  });
});

describe('a flag is decided (GW-008)', () => {
  it('by its kill switch before everything', () => {
    const killed = { 'booking.disable_all_bookings': true, 'booking.request_mode_enabled': true };
    expect(request(killed, { [provider]: true })).toBe(false);
    expect(isKilled(set(killed), 'booking.disable_all_bookings')).toBe(true);
    expect(isKilled(set({}), 'booking.disable_all_bookings')).toBe(false);
  });

  it('by the value for everybody before the one for a provider', () => {
    expect(request({ 'booking.request_mode_enabled': false }, { [provider]: true })).toBe(false);
    expect(request({ 'booking.request_mode_enabled': true }, { [provider]: false })).toBe(true);
  });

  it('by the value for a provider before the percentage', () => {
    expect(request({ 'booking.request_mode_percentage': 0 }, { [provider]: true })).toBe(true);
    expect(request({ 'booking.request_mode_percentage': 100 }, { [provider]: false })).toBe(false);
  });

  it('by the percentage before the default', () => {
    expect(request({ 'booking.request_mode_percentage': 0 })).toBe(false);
    expect(request({ 'booking.request_mode_percentage': 100 })).toBe(true);
    expect(request({})).toBe(true);
  });

  it('by a percentage that only ever adds providers, and about as many as it says', () => {
    const providers = Array.from({ length: 2_000 }, () => randomUUID());
    const on = (percent: number): Set<string> =>
      new Set(
        providers.filter((each) =>
          isOn(set({ 'booking.request_mode_percentage': percent }), 'booking.request_mode_enabled', each),
        ),
      );
    const [ten, fifty] = [on(10), on(50)];
    expect([...ten].every((each) => fifty.has(each))).toBe(true);
    expect(on(100).size).toBe(2_000);
    expect(ten.size).toBeGreaterThan(120);
    expect(ten.size).toBeLessThan(290);
    expect(bucketOf('0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03')).toBe(
      bucketOf('0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03'),
    );
  });

  it('with the reason, whatever its kind', () => {
    const reasonOf = (values: Record<string, boolean | number>, own?: Record<string, boolean>) =>
      decideFlag(set(values, own), 'booking.request_mode_enabled', provider);
    expect(reasonOf({ 'booking.disable_all_bookings': true })).toEqual({
      value: false,
      reason: 'KILL_SWITCH',
    });
    expect(reasonOf({ 'booking.request_mode_enabled': false })).toEqual({ value: false, reason: 'VALUE' });
    expect(reasonOf({}, { [provider]: false })).toEqual({ value: false, reason: 'PROVIDER' });
    expect(reasonOf({ 'booking.request_mode_percentage': 100 })).toEqual({
      value: true,
      reason: 'PERCENTAGE',
    });
    expect(reasonOf({})).toEqual({ value: true, reason: 'DEFAULT' });
    const percentage = (values: Record<string, number>) =>
      decideFlag(set(values), 'booking.request_mode_percentage', null);
    expect(percentage({})).toEqual({ value: 100, reason: 'DEFAULT' });
    expect(percentage({ 'booking.request_mode_percentage': 30 })).toEqual({ value: 30, reason: 'VALUE' });
    expect(decideFlag(set({}), overrideFlag('move-payments'), null)).toEqual({
      value: false,
      reason: 'DEFAULT',
    });
    expect(decideFlag(set({}), 'booking.anything', null)).toBeUndefined();
  });
});
