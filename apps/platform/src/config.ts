// The platform's configuration.
import { z } from 'zod';
import { commonConfig, databaseConfig, readConfig } from '@caregraph/runtime';

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** Accounts that are support from the start, separated by commas: who lets the others in. */
  PLATFORM_OPERATORS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((account) => account.trim()))
    .transform((accounts) => [...new Set(accounts.filter((account) => account !== ''))])
    .refine((accounts) => accounts.every((account) => account.length <= 255), {
      message: 'must be accounts of at most 255 characters, separated by commas',
    }),
  /** How long the identity provider keeps a session alive at most: so long a revocation counts. */
  SESSION_MAX_HOURS: z.coerce.number().int().min(1).max(8_760).default(720),
});

export const config = readConfig(schema, process.env);
