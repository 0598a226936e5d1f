// Notifications' configuration.
import { z } from 'zod';
import {
  commonConfig,
  databaseConfig,
  readConfig,
  sealingRing,
  secretRing,
  vendorOverride,
} from '@caregraph/runtime';
import { webhookKey } from './sendgrid/signature.js';

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** SendGrid's own address when left out. */
  SENDGRID_API_BASE: vendorOverride,
  SENDGRID_API_KEY: z.string().startsWith('SG.', 'must begin with SG.'),
  /** Verifies SendGrid's events; SendGrid shows it beside the event webhook's address. Several while it changes. */
  SENDGRID_WEBHOOK_PUBLIC_KEY: secretRing(
    webhookKey,
    'must be P-256 public keys, as base64 of their DER or as PEM, separated by commas',
  ),
  /** Hashes addresses of which only a match is asked; apart from SEALING_KEYS, whose keys go once nothing needs them. */
  BLIND_INDEX_KEYS: sealingRing,
  /** `Name <address>` of a domain that SendGrid has verified (NT-009, NT-010). */
  MAIL_FROM: z.string().regex(/^[^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>$/, 'must look like: Name <address@domain>'),
  /** The web app, to which messages link. */
  PUBLIC_WEB_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
});

export const config = readConfig(schema, process.env);
