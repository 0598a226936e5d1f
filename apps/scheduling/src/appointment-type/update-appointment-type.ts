// A practice changes what it offers. Appointments already booked keep what was agreed.
import { LockMode } from '@mikro-orm/postgresql';
import { Length, Max, Min } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin, requireCaller } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Practice } from '../practice/practice.js';
import { UnknownProvider } from '../provider/provider.js';
import { UnknownResource } from '../resource/resource.js';
import {
  AppointmentTypeDetailsInput,
  refusalOfType,
  typeDetails,
  typeNamePattern,
  type TypeRefusal,
} from './appointment-type-details.js';
import {
  AppointmentType,
  AppointmentTypeNameTaken,
  ResourcesApart,
  UnknownAppointmentType,
} from './appointment-type.js';
import { AppointmentTypeObject } from './appointment-type.type.js';

@InputType({ description: 'What to change of an appointment type; fields left out stay.' })
export class UpdateAppointmentTypeInput extends AppointmentTypeDetailsInput {
  @Field(() => ID, { description: 'The type.' })
  appointmentTypeId!: string;

  @Field(() => String, { nullable: true, description: 'Unique in the practice, 1 to 200 characters.' })
  @Length(1, 200)
  @typeNamePattern
  name?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long it takes, 5 to 480.' })
  @Min(5)
  @Max(480)
  durationMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "The price in the smallest unit of the practice's currency.",
  })
  @Min(0)
  @Max(99_999_999)
  priceAmountMinor?: number | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const UpdateAppointmentTypeResult = resultUnion<AppointmentType>()(
  'UpdateAppointmentTypeResult',
  AppointmentTypeObject,
  [UnknownAppointmentType, AppointmentTypeNameTaken, UnknownProvider, UnknownResource, ResourcesApart],
);

@Resolver()
export class UpdateAppointmentTypeResolver {
  @Mutation(() => UpdateAppointmentTypeResult.type, {
    description: 'Changes what a practice offers. For its admins.',
  })
  updateAppointmentType(
    @Ctx() deps: Deps,
    @Arg('input', () => UpdateAppointmentTypeInput) input: UpdateAppointmentTypeInput,
  ): Promise<OutcomeOf<typeof UpdateAppointmentTypeResult>> {
    return idempotent(deps, 'updateAppointmentType', input, updateAppointmentType);
  }
}

export async function updateAppointmentType(
  { em, viewer, now }: Deps,
  input: UpdateAppointmentTypeInput,
): Promise<AppointmentType | UnknownAppointmentType | TypeRefusal> {
  requireCaller(viewer);
  const id = idOf('appointmentTypeId', input.appointmentTypeId);

  return em.transactional(async (em) => {
    const known = await em.findOne(AppointmentType, { id });
    if (!known) return new UnknownAppointmentType();
    requireAdmin(viewer, known.practiceId);
    // The practice first, as when a type is made: names are compared while nobody else can take one.
    await em.findOneOrFail(Practice, { id: known.practiceId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const type = await em.refreshOrFail(known, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const details = typeDetails(input);
    const refusal = await refusalOfType(em, type, details);
    if (refusal) return refusal;

    publish(em, type.update(details, now), now);
    return type;
  });
}
