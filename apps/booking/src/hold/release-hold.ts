// Gives a held time back before its five minutes are over.
import { LockMode } from '@mikro-orm/postgresql';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { cancelJob } from '@caregraph/jobs';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { releaseTime } from '../claim/claims.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { expireHold } from './hold.jobs.js';
import { SlotHold, SlotHoldNotFound, SlotHoldOver } from './hold.js';
import { holds } from './hold-token.js';
import { SlotHoldObject } from './hold.type.js';

@InputType({ description: 'Which hold to give back.' })
export class ReleaseHoldInput {
  @Field(() => ID, { description: 'The hold.' })
  holdId!: string;

  @Field(() => String, { nullable: true, description: 'Needed when you were not logged in when holding.' })
  holdToken?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const ReleaseHoldResult = resultUnion<SlotHold>()('ReleaseHoldResult', SlotHoldObject, [
  SlotHoldNotFound,
  SlotHoldOver,
]);

@Resolver()
export class ReleaseHoldResolver {
  @Directive(partnersWrite)
  @Mutation(() => ReleaseHoldResult.type, { description: 'Gives a held time back.' })
  releaseHold(
    @Ctx() deps: Deps,
    @Arg('input', () => ReleaseHoldInput) input: ReleaseHoldInput,
  ): Promise<OutcomeOf<typeof ReleaseHoldResult>> {
    return idempotent(deps, 'releaseHold', input, releaseHold);
  }
}

export function releaseHold(
  deps: Deps,
  input: ReleaseHoldInput,
): Promise<SlotHold | SlotHoldNotFound | SlotHoldOver> {
  const holdId = idOf('holdId', input.holdId);
  return deps.em.transactional(async (em) => {
    const hold = await em.findOne(SlotHold, { id: holdId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!hold || !holds(deps.viewer, hold, input.holdToken)) return new SlotHoldNotFound();

    const refusal = hold.release(deps.now);
    if (refusal instanceof Refusal) return refusal;

    await releaseTime(em, { ...hold, kind: 'HOLD' }, deps.now);
    await cancelJob(em, expireHold, hold.id);
    return hold;
  });
}
