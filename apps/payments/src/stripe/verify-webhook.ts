// Whether a webhook is Stripe's, and of now.
import { Stripe } from 'stripe';

/** In seconds, both ways: the SDK accepts a signature from the future, which a replay could be kept for. */
const toleranceSeconds = 300;

/**
 * The event, or undefined without saying why. Several secrets are accepted while one is being replaced.
 * @param now the real time: signatures know nothing of a clock that was moved.
 */
export function verifiedEvent(
  rawBody: Buffer,
  signature: string | undefined,
  secrets: readonly string[],
  now: Date,
): Stripe.Event | undefined {
  const signedAt = Number(/(?:^|,)t=(\d+)/.exec(signature ?? '')?.[1]);
  const ageSeconds = now.getTime() / 1_000 - signedAt;
  if (!(Math.abs(ageSeconds) <= toleranceSeconds)) return undefined;
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(rawBody, signature ?? '', secret, toleranceSeconds);
    } catch {
      // Wrong for this secret; the next one may fit.
    }
  }
  return undefined;
}
