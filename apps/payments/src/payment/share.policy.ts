// Shares of an amount, in whole minor units.

/** The share of an amount in basis points, rounded half up: 5000 of 101 is 51. */
export const shareOf = (amountMinor: number, basisPoints: number): number =>
  divideHalfUp(amountMinor * basisPoints, 10_000);

/** Division of whole numbers that are not negative, rounded half up, without fractions on the way. */
export function divideHalfUp(dividend: number, divisor: number): number {
  const whole = Math.floor(dividend / divisor);
  return whole + (2 * (dividend - whole * divisor) >= divisor ? 1 : 0);
}
