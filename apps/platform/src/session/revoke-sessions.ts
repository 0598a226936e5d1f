// Support ends somebody's sessions, for example of a lost device.
import { IsOptional, Length } from 'class-validator';
import { Arg, Ctx, Directive, Field, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { bySupport, requireSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { findRevoked, revoke } from './revoke-session.js';
import { SessionRevoked, type RevokedSession } from './revoked-session.js';
import { RevokedSessionObject } from './revoked-session.type.js';

@InputType({ description: 'Whose sessions are to end.' })
export class RevokeSessionsInput {
  @Field(() => String, { description: "The identity provider's `sub`, 1 to 255 characters." })
  @Length(1, 255)
  account!: string;

  @Field(() => String, {
    nullable: true,
    description: "The one session, a token's `sid`; left out: all that the account has now.",
  })
  @IsOptional()
  @Length(1, 255)
  sessionId?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const RevokeSessionsResult = resultUnion<RevokedSession>()('RevokeSessionsResult', RevokedSessionObject, [
  SessionRevoked,
]);

@Resolver()
export class RevokeSessionsResolver {
  @Directive('@authenticated')
  @Directive(bySupport)
  @Mutation(() => RevokeSessionsResult.type, {
    description: "Ends somebody's sessions. For support, with a second factor.",
  })
  revokeSessions(
    @Ctx() deps: Deps,
    @Arg('input', () => RevokeSessionsInput) input: RevokeSessionsInput,
  ): Promise<OutcomeOf<typeof RevokeSessionsResult>> {
    return idempotent(deps, 'revokeSessions', input, revokeSessions);
  }
}

export async function revokeSessions(
  deps: Pick<Deps, 'em' | 'viewer' | 'now' | 'realNow' | 'sessionMaxHours'>,
  input: RevokeSessionsInput,
): Promise<RevokedSession | SessionRevoked> {
  requireSupport(deps.viewer);
  const meant = { account: input.account, sessionId: input.sessionId ?? null };
  return deps.em.transactional(async (em) =>
    (await findRevoked(em, meant)) ? new SessionRevoked() : revoke({ ...deps, em }, meant),
  );
}
