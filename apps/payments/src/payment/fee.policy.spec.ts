import fc from 'fast-check';
import { feeReturned, platformFee } from './fee.policy.js';
import { divideHalfUp, shareOf } from './share.policy.js';

describe('the platform fee', () => {
  it.each([
    [12_000, 1_350],
    [10_000, 1_150],
    [33_499, 3_500],
    [33_500, 3_500],
    [1_000_000, 3_500],
  ])('of %i minor units is %i: a tenth and 150, at most 3500 (PY-008)', (amount, fee) => {
    expect(platformFee(amount)).toBe(fee);
  });

  it.each([
    [1_004, 250],
    [1_005, 251],
    [1_014, 251],
    [166, 166],
    [100, 100],
    [1, 1],
    [0, 0],
  ])('of %i minor units is %i: rounded half up, and never more than the amount (Y-13)', (amount, fee) => {
    expect(platformFee(amount)).toBe(fee);
  });

  const price = fc.integer({ min: 1, max: 99_999_999 });

  it('is a whole number, never more than the cap or the amount, and grows with the amount (PY-008)', () => {
    fc.assert(
      fc.property(price, fc.nat(1_000_000), (amount, more) => {
        const fee = platformFee(amount);
        expect(Number.isInteger(fee)).toBe(true);
        expect(fee).toBeGreaterThan(0);
        expect(fee).toBeLessThanOrEqual(Math.min(3_500, amount));
        expect(platformFee(amount + more)).toBeGreaterThanOrEqual(fee);
      }),
    );
  });

  it('goes back whole with a whole refund, and in proportion with a part of it (Y-13)', () => {
    expect(feeReturned(1_350, 12_000, 6_000)).toBe(675);
    expect(feeReturned(1_151, 10_010, 5_005)).toBe(576);
    fc.assert(
      fc.property(price, fc.nat(), fc.nat(), (amount, a, b) => {
        const fee = platformFee(amount);
        const [less = 0, more = 0] = [a % (amount + 1), b % (amount + 1)].sort((x, y) => x - y);
        expect(feeReturned(fee, amount, 0)).toBe(0);
        expect(feeReturned(fee, amount, amount)).toBe(fee);
        expect(feeReturned(fee, amount, less)).toBeLessThanOrEqual(feeReturned(fee, amount, more));
        expect(Math.abs(feeReturned(fee, amount, less) - (fee * less) / amount)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('a share', () => {
  it.each([
    [101, 5_000, 51],
    [99, 5_000, 50],
    [12_000, 5_000, 6_000],
    [1, 4_999, 0],
    [1, 5_000, 1],
    [3_333, 3_333, 1_111],
    [12_000, 10_000, 12_000],
    [12_000, 0, 0],
  ])('of %i at %i basis points is %i minor units, rounded half up (Y-35)', (amount, basisPoints, share) => {
    expect(shareOf(amount, basisPoints)).toBe(share);
  });

  it('is a whole number between nothing and all, and what is kept makes up the rest (Y-01)', () => {
    fc.assert(
      fc.property(fc.nat(99_999_999), fc.nat(10_000), (amount, basisPoints) => {
        const share = shareOf(amount, basisPoints);
        expect(Number.isInteger(share)).toBe(true);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(amount);
        expect(share).toBe(Number((BigInt(amount) * BigInt(basisPoints) * 2n + 10_000n) / 20_000n));
      }),
    );
  });

  it('is divided without fractions: the largest amounts too', () => {
    expect(divideHalfUp(99_999_999 * 10_000, 10_000)).toBe(99_999_999);
    expect(divideHalfUp(5, 10)).toBe(1);
    expect(divideHalfUp(4, 10)).toBe(0);
  });
});
