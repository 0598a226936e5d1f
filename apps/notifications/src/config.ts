// Notifications' configuration.
import { z } from 'zod';
import { commonConfig, databaseConfig, readConfig, vendorOverride } from '@caregraph/runtime';
import { webhookKey } from './sendgrid/signature.js';

/** A key's text as the key itself; says that it is wrong without showing it. */
const p256Key = z.string().transform((text, context) => {
  try {
    return webhookKey(text);
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'must be a P-256 public key, as base64 of its DER or as PEM',
    });
    return z.NEVER;
  }
});

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** SendGrid's own address when left out. */
  SENDGRID_API_BASE: vendorOverride,
  SENDGRID_API_KEY: z.string().startsWith('SG.', 'must begin with SG.'),
  /** Verifies SendGrid's events; SendGrid shows it beside the event webhook's address. */
  SENDGRID_WEBHOOK_PUBLIC_KEY: p256Key,
  /** `Name <address>` of a domain that SendGrid has verified (NT-009, NT-010). */
  MAIL_FROM: z.string().regex(/^[^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>$/, 'must look like: Name <address@domain>'),
  /** The web app, to which messages link. */
  PUBLIC_WEB_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
});

export const config = readConfig(schema, process.env);
