// What the platform keeps of a payment. Whole minor units all the way, so that nothing is lost to fractions.
import { divideHalfUp } from './share.policy.js';

/** PY-008: 10 % and 150 minor units, at most 3500. */
export const feeBasisPoints = 1_000;
export const feeFixedMinor = 150;
export const feeCapMinor = 3_500;

/** The platform's fee of an amount: the least of the cap, the fee rounded half up, and the amount itself (Y-13). */
export const platformFee = (amountMinor: number): number =>
  Math.min(feeCapMinor, divideHalfUp(amountMinor * feeBasisPoints, 10_000) + feeFixedMinor, amountMinor);

/**
 * The part of the fee that goes back when `returnedMinor` of the amount did, all refunds so far together: computed from
 * the sum, so that many small refunds give back no more and no less than one large one.
 */
export const feeReturned = (feeMinor: number, amountMinor: number, returnedMinor: number): number =>
  amountMinor === 0 ? 0 : divideHalfUp(feeMinor * returnedMinor, amountMinor);
