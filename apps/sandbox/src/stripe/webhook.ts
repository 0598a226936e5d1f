// Signs Stripe's webhooks with Stripe's own code, so that receivers verify what the real one sends.
import { Stripe } from 'stripe';
import { firstOf } from '@caregraph/runtime';
import type { Sign } from '../world/delivery.js';

const { webhooks } = new Stripe('sk_test_sandbox');

/** Signature times are real: receivers compare them with their own clock. `ageSeconds` makes an old one. */
export const signedBy =
  (secrets: Iterable<string>, ageSeconds = 0): Sign =>
  (payload) => ({
    'stripe-signature': webhooks.generateTestHeaderString({
      payload,
      secret: firstOf(secrets),
      timestamp: Math.floor(Date.now() / 1_000) - ageSeconds,
    }),
  });
