// What the platform tells the others: who may do what, whose session has ended, which keys partners hold and what is
// switched on. Whole state each time.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, version } from './fields.js';

const ids = {
  membership: '5f0c1f5e-52a4-4c6b-9a4e-1b8f7b0f6a01',
  practice: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  provider: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
  revocation: '5f0c1f5e-52a4-4c6b-9a4e-1b8f7b0f6a02',
  partnerKey: '5f0c1f5e-52a4-4c6b-9a4e-1b8f7b0f6a03',
};

export const membershipChanged = defineEvent(
  'platform.membership-changed.v1',
  z.object({
    membershipId: id,
    version,
    account: z.string().min(1).max(255).describe("Whose: the identity provider's `sub`."),
    practiceId: id.nullable().describe('Null for the roles that span all practices: support and system.'),
    role: z.enum(['admin', 'provider', 'staff', 'partner', 'support', 'system']),
    active: z.boolean().describe('False once it has ended; it does not come back.'),
  }),
  {
    noun: 'membership',
    key: 'membershipId',
    description: 'Somebody was given a role in a practice, or has it no more.',
    example: {
      membershipId: ids.membership,
      version: 1,
      account: 'auth0|65f1c0a2',
      practiceId: ids.practice,
      role: 'admin',
      active: true,
    },
  },
);
export type MembershipState = EventDataOf<typeof membershipChanged>;

export const sessionRevoked = defineEvent(
  'platform.session-revoked.v1',
  z.object({
    revocationId: id,
    account: z.string().min(1).max(255).describe("Whose tokens are meant: the identity provider's `sub`."),
    sessionId: z
      .string()
      .min(1)
      .max(255)
      .nullable()
      .describe("The one session, a token's `sid`; null for all sessions of the account."),
    issuedBefore: instant.describe('Tokens issued at or after this instant are not meant.'),
    endsAt: instant.describe('From then on no such token can be alive; the revocation may be forgotten.'),
  }),
  {
    noun: 'revoked-session',
    key: 'revocationId',
    description: 'The tokens of a session, or of all sessions of an account, are not accepted any more.',
    example: {
      revocationId: ids.revocation,
      account: 'auth0|65f1c0a2',
      sessionId: 's-8f2c',
      issuedBefore: '2026-11-21T15:00:00.000Z',
      endsAt: '2026-12-21T15:00:00.000Z',
    },
  },
);
export type RevokedSessionState = EventDataOf<typeof sessionRevoked>;

export const partnerKeyChanged = defineEvent(
  'platform.partner-key-changed.v1',
  z.object({
    partnerKeyId: id,
    version,
    practiceId: id,
    name: z.string().min(1).max(100).describe("The partner's name, as the practice's admin wrote it."),
    scopes: z.array(z.string()).describe('What it may do, as in an access token.'),
    hash: z
      .string()
      .length(43)
      .describe('SHA-256 of the key, base64url: the key has 256 random bits, so its hash tells nothing.'),
    expiresAt: instant.nullable(),
    active: z.boolean().describe('False once it is revoked; it does not come back.'),
  }),
  {
    noun: 'partner-key',
    key: 'partnerKeyId',
    description: 'A partner was given a key for the API, or it was revoked.',
    example: {
      partnerKeyId: ids.partnerKey,
      version: 1,
      practiceId: ids.practice,
      name: 'Intake forms',
      scopes: ['appointments:read'],
      hash: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
      expiresAt: null,
      active: true,
    },
  },
);
export type PartnerKeyState = EventDataOf<typeof partnerKeyChanged>;

export const featureFlagChanged = defineEvent(
  'platform.feature-flag-changed.v1',
  z.object({
    flag: z.string().min(1).max(100).describe('Its key, for example booking.request_mode_enabled.'),
    version,
    value: z
      .union([z.boolean(), z.int().min(0).max(100)])
      .nullable()
      .describe('What it is set to for everybody; null where nobody has set it: then its default counts.'),
    providers: z
      .record(id, z.boolean())
      .describe('What it is set to for single providers, by provider id; at most 1,000.'),
  }),
  {
    noun: 'feature-flag',
    key: 'flag',
    description: 'A feature flag was set, for everybody or for a provider, or set back.',
    example: {
      flag: 'booking.request_mode_enabled',
      version: 3,
      value: null,
      providers: { [ids.provider]: false },
    },
  },
);
export type FeatureFlagState = EventDataOf<typeof featureFlagChanged>;
