// The connection to Stripe, made from the configuration.
import { Stripe } from 'stripe';

export interface StripeOptions {
  readonly STRIPE_SECRET_KEY: string;
  /** Where Stripe is when it is not Stripe's own: the sandbox. */
  readonly STRIPE_API_BASE?: string | undefined;
}

export function stripeClient({ STRIPE_SECRET_KEY, STRIPE_API_BASE }: StripeOptions): Stripe {
  return new Stripe(STRIPE_SECRET_KEY, {
    // Stripe's own default is 80 seconds, longer than a job may take.
    timeout: 10_000,
    // The SDK repeats conflicts, failures and resets under the same key; rate limits are left to the jobs' back-off.
    maxNetworkRetries: 2,
    telemetry: false,
    ...(STRIPE_API_BASE ? placeOf(new URL(STRIPE_API_BASE)) : {}),
  });
}

const placeOf = ({ protocol, hostname, port }: URL): Stripe.StripeConfig => ({
  protocol: protocol === 'http:' ? 'http' : 'https',
  host: hostname,
  ...(port ? { port: Number(port) } : {}),
});
