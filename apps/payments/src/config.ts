// Payments' environment, read once.
import { z } from 'zod';
import { commonConfig, databaseConfig, vendorOverride } from '@caregraph/runtime';

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
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .transform((text) => text.split(',').map((secret) => secret.trim()))
    .refine((secrets) => secrets.every((secret) => /^whsec_\S+$/.test(secret)), {
      message: 'must be whsec_…[,whsec_…]',
    }),
});
export type PaymentsConfig = z.infer<typeof paymentsConfig>;
