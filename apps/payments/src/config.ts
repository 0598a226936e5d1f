// Payments' environment, read once.
import { z } from 'zod';
import { commonConfig, databaseConfig, secretRing, vendorOverride } from '@caregraph/runtime';

export const paymentsConfig = z.object({
  ...commonConfig.shape,
  ...databaseConfig.shape,
  /** Where Stripe is when it is not Stripe's own. */
  STRIPE_API_BASE: vendorOverride,
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, { message: 'must be a secret or restricted key of Stripe' }),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\w+$/, { message: 'must be a publishable key of Stripe' }),
  /** `whsec_…[,whsec_…]`: all are accepted, so that the secret can be changed while running. */
  STRIPE_WEBHOOK_SECRET: secretRing((secret) => {
    if (!/^whsec_\S+$/.test(secret)) throw new Error('It is no secret of a webhook of Stripe.');
    return secret;
  }, 'must be whsec_…[,whsec_…]'),
  /** From so much on that is held in one currency, in minor units, `/health` says degraded. */
  HEALTH_HELD_LIMIT_MINOR: z.coerce.number().int().min(1).default(1_000_000),
});
export type PaymentsConfig = z.infer<typeof paymentsConfig>;
