// Logging out, for whoever is logged in; it asks for no second factor.
import { Arg, Ctx, Directive, Field, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { accountOf } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { findRevoked, revoke } from './revoke-session.js';
import { SessionUnknown, type RevokedSession } from './revoked-session.js';
import { RevokedSessionObject } from './revoked-session.type.js';

@InputType({ description: 'Which of your sessions are to end.' })
export class EndMySessionInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'All of them, on every device; else the one that you ask from.',
  })
  everywhere!: boolean;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const EndMySessionResult = resultUnion<RevokedSession>()('EndMySessionResult', RevokedSessionObject, [
  SessionUnknown,
]);

@Resolver()
export class EndMySessionResolver {
  @Directive('@authenticated')
  @Mutation(() => EndMySessionResult.type, {
    description:
      'Logs out: within moments no token of the session is accepted any more. Log in anew to go on.',
  })
  endMySession(
    @Ctx() deps: Deps,
    @Arg('input', () => EndMySessionInput) input: EndMySessionInput,
  ): Promise<OutcomeOf<typeof EndMySessionResult>> {
    return idempotent(deps, 'endMySession', input, endMySession);
  }
}

export async function endMySession(
  deps: Pick<Deps, 'em' | 'viewer' | 'now' | 'realNow' | 'sessionMaxHours'>,
  { everywhere }: EndMySessionInput,
): Promise<RevokedSession | SessionUnknown> {
  const account = accountOf(deps.viewer);
  const { sid } = deps.viewer;
  if (!everywhere && !sid) return new SessionUnknown();
  const meant = { account, sessionId: everywhere ? null : sid };
  // Whoever has logged out already may do so again while the gateway has not heard of it.
  return deps.em.transactional(
    async (em) => (await findRevoked(em, meant)) ?? revoke({ ...deps, em }, meant),
  );
}
