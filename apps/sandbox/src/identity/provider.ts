// The OIDC provider of development: authorization code with PKCE for one public client, access tokens as JWTs.
import {
  interactionPolicy,
  Provider,
  type AccessToken,
  type AdapterFactory,
  type ClientCredentials,
  type ClientMetadata,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { accessTokenClaims, audience } from './claims.js';
import { algorithm, type SigningKeys } from './keys.js';
import type { User, Users } from './users.js';

/** Where the provider is mounted; the issuer's URL ends with it. */
export const mountPath = '/identity';
export const loginPath = `${mountPath}/login`;
/** The public client of web and mobile apps: any port of this machine, or the mobile app's own scheme. */
export const clientId = 'caregraph-web';

const resource = 'urn:caregraph';
const identityScopes = ['openid', 'profile', 'email', 'offline_access'];
const anHour = 3_600;
const twoWeeks = 14 * 24 * anHour;

const webClient: ClientMetadata = {
  client_id: clientId,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'org.caregraph.app:/callback'],
  post_logout_redirect_uris: ['http://127.0.0.1/', 'http://localhost/'],
};

export interface ProviderDeps {
  readonly issuer: string;
  readonly users: Users;
  readonly keys: SigningKeys;
  readonly cookieKey: string;
  readonly adapter: AdapterFactory;
}

export function buildProvider({ issuer, users, keys, cookieKey, adapter }: ProviderDeps): Provider {
  const configuration: Configuration = {
    adapter,
    jwks: { keys: [...keys.all] },
    clients: [webClient],
    clientBasedCORS: () => true,
    clientDefaults: { id_token_signed_response_alg: algorithm },
    responseTypes: ['code'],
    scopes: identityScopes,
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: [cookieKey] },
    pkce: { required: () => true },
    findAccount: (_context, sub) => {
      const user = users.bySub(sub);
      return user && { accountId: sub, claims: () => ({ sub, name: user.name, email: user.email }) };
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: scopesOf(users).join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: anHour,
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
    extraTokenClaims: (context, token) => claimsFor(users, context, token),
    formats: {
      customizers: {
        // Everybody gets the scopes he has, whatever subset the client asked for: here scopes belong to the user.
        jwt: (_context, _token, { payload }) => {
          const granted = users.bySub(String(payload.sub))?.scopes ?? [];
          payload.scope = granted.length > 0 ? granted.join(' ') : undefined;
        },
      },
    },
    interactions: { policy: loginOnly(), url: (_context, { uid }) => `${loginPath}/${uid}` },
    loadExistingGrant: grantAll(users),
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: anHour,
      AuthorizationCode: 60,
      Grant: twoWeeks,
      IdToken: anHour,
      Interaction: anHour,
      RefreshToken: twoWeeks,
      Session: twoWeeks,
    },
  };
  return new Provider(issuer, configuration);
}

const scopesOf = (users: Users): string[] => [...new Set(users.all().flatMap(({ scopes }) => scopes))];

/** The product's own client is trusted: nobody is asked whether it may see his name. */
function loginOnly(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
}

const grantAll =
  (users: Users): NonNullable<Configuration['loadExistingGrant']> =>
  async ({ oidc }) => {
    const { client, session, provider } = oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(identityScopes.join(' '));
    grant.addResourceScope(resource, scopesOf(users).join(' '));
    await grant.save();
    return grant;
  };

function claimsFor(
  users: Users,
  { oidc }: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Record<string, unknown> | undefined {
  const user: User | undefined = 'accountId' in token ? users.bySub(token.accountId) : undefined;
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken;
  if (!user || !source) return undefined;
  return accessTokenClaims(user, {
    amr: source.amr ?? ['pwd'],
    authTime: source.authTime ?? Math.floor(Date.now() / 1_000),
    sid: source.sessionUid ?? source.jti,
  });
}
