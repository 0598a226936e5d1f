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
  secrets: Iterable<string>,
  now: Date,
): Stripe.Event | undefined {
  const times = [...(signature ?? '').matchAll(/(?:^|,)\s*t=(\d+)/g)].map(([, seconds]) => Number(seconds));
  const [signedAt] = times;
  // With two times, we might look at one and the SDK at the other.
  if (signedAt === undefined || times.length > 1) return undefined;
  if (Math.abs(now.getTime() / 1_000 - signedAt) > toleranceSeconds) return undefined;
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(rawBody, signature ?? '', secret, toleranceSeconds);
    } catch {
      // Wrong for this secret; the next one may fit.
    }
  }
  return undefined;
}
