// What the platform can say again for those who keep copies.
import { restating, type Republishable } from '@caregraph/messaging';
import { FeatureFlag } from './feature-flag/feature-flag.js';
import { Membership } from './membership/membership.js';
import { PartnerKey } from './partner-key/partner-key.js';
import { RevokedSession } from './session/revoked-session.js';

export const republishable: Republishable = {
  membership: restating(Membership, (memberships) => memberships.map((membership) => membership.changed())),
  'revoked-session': restating(RevokedSession, (sessions) => sessions.map((session) => session.revoked())),
  'partner-key': restating(PartnerKey, (keys) => keys.map((key) => key.changed())),
  'feature-flag': restating(FeatureFlag, (flags) => flags.map((flag) => flag.changed())),
};
