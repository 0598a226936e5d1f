// A practice says where its desk gets mail.
import { LockMode } from '@mikro-orm/postgresql';
import { IsEmail, IsOptional } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { practiceEmailContext } from '../provider/contact.js';
import { Practice, UnknownPractice } from './practice.js';
import { PracticeObject } from './practice.type.js';

@InputType({ description: 'Where the desk of a practice gets mail.' })
export class UpdatePracticeContactInput {
  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { nullable: true, description: 'The address; null or left out: nowhere.' })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const UpdatePracticeContactResult = resultUnion<Practice>()('UpdatePracticeContactResult', PracticeObject, [
  UnknownPractice,
]);

@Resolver()
export class UpdatePracticeContactResolver {
  @Mutation(() => UpdatePracticeContactResult.type, {
    description: 'Says where the desk of a practice gets mail. For its admins.',
  })
  updatePracticeContact(
    @Ctx() deps: Deps,
    @Arg('input', () => UpdatePracticeContactInput) input: UpdatePracticeContactInput,
  ): Promise<OutcomeOf<typeof UpdatePracticeContactResult>> {
    return idempotent(deps, 'updatePracticeContact', input, updatePracticeContact);
  }
}

export async function updatePracticeContact(
  { em, viewer, now, sealer }: Deps,
  input: UpdatePracticeContactInput,
): Promise<Practice | UnknownPractice> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(viewer, practiceId);
  return em.transactional(async (em) => {
    const practice = await em.findOne(Practice, { id: practiceId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!practice) return new UnknownPractice();

    const sealed = input.email ? sealer.seal(input.email, practiceEmailContext(practiceId)) : null;
    publish(em, practice.changeEmail(sealed, now), now);
    return practice;
  });
}
