// A practice offers something new.
import { LockMode } from '@mikro-orm/postgresql';
import { Length, Max, Min } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Practice, UnknownPractice } from '../practice/practice.js';
import { UnknownProvider } from '../provider/provider.js';
import { UnknownResource } from '../resource/resource.js';
import {
  AppointmentTypeDetailsInput,
  refusalOfType,
  typeDetails,
  typeNamePattern,
  type TypeRefusal,
} from './appointment-type-details.js';
import { AppointmentType, AppointmentTypeNameTaken, ResourcesApart } from './appointment-type.js';
import { AppointmentTypeObject } from './appointment-type.type.js';

@InputType({ description: 'What a practice offers.' })
export class CreateAppointmentTypeInput extends AppointmentTypeDetailsInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { description: 'Unique in the practice, 1 to 200 characters.' })
  @Length(1, 200)
  @typeNamePattern
  name!: string;

  @Field(() => Int, { description: 'How long it takes, 5 to 480.' })
  @Min(5)
  @Max(480)
  durationMinutes!: number;

  @Field(() => Int, { description: "The price in the smallest unit of the practice's currency, 0 or more." })
  @Min(0)
  @Max(99_999_999)
  priceAmountMinor!: number;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreateAppointmentTypeResult = resultUnion<AppointmentType>()(
  'CreateAppointmentTypeResult',
  AppointmentTypeObject,
  [UnknownPractice, AppointmentTypeNameTaken, UnknownProvider, UnknownResource, ResourcesApart],
);

@Resolver()
export class CreateAppointmentTypeResolver {
  @Mutation(() => CreateAppointmentTypeResult.type, {
    description: 'Offers something new. For admins of the practice.',
  })
  createAppointmentType(
    @Ctx() deps: Deps,
    @Arg('input', () => CreateAppointmentTypeInput) input: CreateAppointmentTypeInput,
  ): Promise<OutcomeOf<typeof CreateAppointmentTypeResult>> {
    return idempotent(deps, 'createAppointmentType', input, createAppointmentType);
  }
}

export async function createAppointmentType(
  { em, viewer, now }: Deps,
  input: CreateAppointmentTypeInput,
): Promise<AppointmentType | UnknownPractice | TypeRefusal> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(viewer, practiceId);

  return em.transactional(async (em) => {
    const practice = await em.findOne(Practice, { id: practiceId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!practice) return new UnknownPractice();
    const id = await newId(em, AppointmentType, input.id);
    const details = typeDetails(input);
    const refusal = await refusalOfType(em, { id, practiceId }, details);
    if (refusal) return refusal;

    const type = Object.assign(new AppointmentType(), details, {
      id,
      practiceId,
      priceCurrency: practice.currency,
      createdAt: now,
      updatedAt: now,
    });
    em.persist(type);
    publish(em, type.changed(), now);
    return type;
  });
}
