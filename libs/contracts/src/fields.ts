// Field types that several events share.
import { z } from 'zod';

export const id = z.uuid();
/** ISO 8601 in UTC with milliseconds. */
export const instant = z.iso.datetime();
export const timeZone = z.string().min(1).describe('IANA time zone, for example America/Denver.');
/** Starts at 1 and grows with each change of the aggregate; gaps are allowed. A consumer drops lower or equal ones. */
export const version = z
  .int()
  .positive()
  .describe('Grows with each change; a consumer drops lower or equal ones.');
export const basisPoints = z
  .int()
  .min(0)
  .max(10_000)
  .describe('Hundredths of a percent: 10000 is all of it.');

export const money = z
  .object({
    amountMinor: z.int().describe('In the smallest unit of the currency: cents.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe('ISO 4217, for example USD.'),
  })
  .describe('An amount of money.');

/**
 * Personal data in an event, sealed by libs/runtime (`createSealer`): nobody without the key ring reads it from the
 * log, and erasure is a lost key away.
 */
export const sealed = z
  .string()
  .startsWith('sealed.v1.')
  .describe('Personal data, sealed with AES-256-GCM; open it with the key ring.');

export const actor = z
  .object({
    type: z.enum(['patient', 'provider', 'staff', 'admin', 'support', 'partner', 'system']),
    sub: z.string().nullable().describe('The account; null for the system.'),
  })
  .describe('Who did it.');
