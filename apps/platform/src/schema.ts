// Everything that the platform shows in the graph. It has no entity: nobody adds fields to what it owns.
import type { SubgraphSchema } from '@caregraph/subgraph';
import type { Deps } from './deps.js';
import { EraseAccountResolver } from './erasure/erase-account.js';
import { FeatureFlagFields } from './feature-flag/feature-flag.type.js';
import { FeatureFlagQueries } from './feature-flag/feature-flags.query.js';
import { ResetFeatureFlagResolver } from './feature-flag/reset-feature-flag.js';
import { SetFeatureFlagForProviderResolver } from './feature-flag/set-feature-flag-for-provider.js';
import { SetFeatureFlagResolver } from './feature-flag/set-feature-flag.js';
import { EndMembershipResolver } from './membership/end-membership.js';
import { GrantMembershipResolver } from './membership/grant-membership.js';
import { MembershipFields } from './membership/membership.type.js';
import { MembershipQueries } from './membership/memberships.query.js';
import { CreatePartnerKeyResolver } from './partner-key/create-partner-key.js';
import { PartnerKeyFields } from './partner-key/partner-key.type.js';
import { PartnerKeyQueries } from './partner-key/partner-keys.query.js';
import { RevokePartnerKeyResolver } from './partner-key/revoke-partner-key.js';
import { EndMySessionResolver } from './session/end-my-session.js';
import { RevokeSessionsResolver } from './session/revoke-sessions.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [
    MembershipQueries,
    MembershipFields,
    GrantMembershipResolver,
    EndMembershipResolver,
    EndMySessionResolver,
    RevokeSessionsResolver,
    EraseAccountResolver,
    PartnerKeyQueries,
    PartnerKeyFields,
    CreatePartnerKeyResolver,
    RevokePartnerKeyResolver,
    FeatureFlagQueries,
    FeatureFlagFields,
    SetFeatureFlagResolver,
    SetFeatureFlagForProviderResolver,
    ResetFeatureFlagResolver,
  ],
  entities: {},
};
