// Verifies the identity provider's access tokens. Whatever is wrong with one, the caller is told the same.
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { unavailable } from '@caregraph/subgraph';

export interface AccessToken {
  readonly account: string;
  readonly scopes: readonly string[];
  readonly amr: readonly string[];
  /** When the person logged in, in seconds since 1970. */
  readonly authTime: number | null;
  readonly sid: string | null;
  /** In seconds since 1970; 0 where it is not said. */
  readonly issuedAt: number;
  readonly expiresAt: Date;
}

export type AccessTokenVerifier = (token: string) => Promise<AccessToken>;

/** The token is not one of ours, for whatever reason. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
}

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** The identity provider's public keys. */
  readonly keys: JWTVerifyGetKey;
}

/** Longer ones are refused unread; ours have about 1,000 characters. */
const longest = 8_192;

/** Clocks of two machines differ; 30 s is what OAuth's security advice allows. */
export const skewSeconds = 30;

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  iat: z.number().default(0),
  scope: z.string().default(''),
  amr: z.array(z.string()).default([]),
  auth_time: z.number().optional(),
  sid: z.string().optional(),
});

/** Throws TokenRejected for a bad token, and UNAVAILABLE when the identity provider's keys cannot be had. */
export function accessTokenVerifier(rules: TokenRules): AccessTokenVerifier {
  const keys: JWTVerifyGetKey = async (header, token) => {
    try {
      return await rules.keys(header, token);
    } catch (cause) {
      // Not the caller's fault, and a 401 would log everybody out.
      if (!aboutTheToken(cause))
        throw unavailable('The identity provider does not answer. Try again in a moment.');
      throw cause;
    }
  };

  return async (token) => {
    try {
      checkHeader(token);
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        issuer: rules.issuer,
        audience: rules.audience,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      checkKind(payload);
      return accessToken(claims.parse(payload));
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'GraphQLError') throw cause;
      throw new TokenRejected('The access token is not accepted.', { cause });
    }
  };
}

function checkHeader(token: string): void {
  if (token.length > longest) throw new Error('too long');
  const { kid, typ } = decodeProtectedHeader(token);
  // Without a kid any key of the set would be tried, also one that was meant for something else.
  if (typeof kid !== 'string') throw new Error('no kid');
  if (typ !== undefined && !/^(application\/)?(at\+)?jwt$/i.test(typ)) throw new Error('not an access token');
}

/** Identity providers mark id and refresh tokens in different ways; none of them is an access token. */
function checkKind(payload: JWTPayload): void {
  const use = payload.token_use ?? payload.typ ?? 'access';
  const marks = ['nonce', 'at_hash', 'c_hash'].some((claim) => claim in payload);
  if (marks || (use !== 'access' && use !== 'Bearer')) throw new Error('not an access token');
}

const aboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

const accessToken = (parsed: z.infer<typeof claims>): AccessToken => ({
  account: parsed.sub,
  scopes: parsed.scope.split(' ').filter((scope) => scope !== ''),
  amr: parsed.amr,
  authTime: parsed.auth_time ?? null,
  sid: parsed.sid ?? null,
  issuedAt: parsed.iat,
  expiresAt: new Date(parsed.exp * 1000),
});
