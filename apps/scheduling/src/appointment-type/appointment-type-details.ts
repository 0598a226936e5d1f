// What is told of an appointment type, when it is made and when it changes, and what must be true of it.
import { ArrayMaxSize, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { EntityManager } from '@mikro-orm/postgresql';
import { idOf } from '@caregraph/subgraph';
import { findInOrder } from '../by-id.js';
import { Provider, UnknownProvider } from '../provider/provider.js';
import { Resource, UnknownResource } from '../resource/resource.js';
import { sent, sentValues } from '../sent.js';
import {
  AppointmentTypeNameTaken,
  ResourcesApart,
  type AppointmentType,
  type AppointmentTypeDetails,
} from './appointment-type.js';
import { AppointmentCategoryEnum, PaymentModeEnum } from './appointment-type.type.js';

@InputType({ description: 'What a patient who cancels is charged.' })
export class CancellationPolicyInput {
  @Field(() => Int, { description: 'Free of charge until so many hours before the start, 0 to 720.' })
  @Min(0)
  @Max(720)
  noticeHours!: number;

  @Field(() => Int, { description: 'Kept of the price after that, 0 to 100.' })
  @Min(0)
  @Max(100)
  feePercent!: number;
}

@InputType()
export class AppointmentTypeDetailsInput {
  @Field(() => AppointmentCategoryEnum, { nullable: true, description: 'Who comes; INDIVIDUAL at first.' })
  category?: AppointmentType['category'] | null;

  @Field(() => String, { nullable: true, description: 'What it is, for patients, at most 2000 characters.' })
  @MaxLength(2000)
  description?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Kept free before it, 0 to 120; null: not set, which is 0.',
  })
  @Min(0)
  @Max(120)
  bufferBeforeMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Kept free after it, 0 to 120; null: not set, the provider's.",
  })
  @Min(0)
  @Max(120)
  bufferAfterMinutes?: number | null;

  @Field(() => PaymentModeEnum, { nullable: true, description: 'When it is paid; HOLD at first.' })
  paymentMode?: AppointmentType['paymentMode'] | null;

  @Field(() => CancellationPolicyInput, {
    nullable: true,
    description: "Null: the provider's or the platform's.",
  })
  @ValidateNested()
  cancellationPolicy?: CancellationPolicyInput | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Who offers it: providers of the practice, at most 100.',
  })
  @ArrayMaxSize(100)
  providerIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'What it needs: resources at one location, at most 3 (SC-049).',
  })
  @ArrayMaxSize(3)
  resourceIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether patients may book it; false at first (SC-027).',
  })
  allowOnlineBooking?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'False: it is not bookable any more.' })
  isActive?: boolean | null;
}

export const typeNamePattern = Matches(/^[^\r\n<>]*[^\s<>][^\r\n<>]*$/, { message: 'must be a name' });

/** The details that the input asks for. Null clears what may be empty, and leaves all else. */
export function typeDetails(
  input: AppointmentTypeDetailsInput & AppointmentTypeCore,
): AppointmentTypeDetails {
  const { description, bufferBeforeMinutes, bufferAfterMinutes, cancellationPolicy } = input;
  const { category, paymentMode, allowOnlineBooking, durationMinutes, priceAmountMinor } = input;
  const ids = (field: string, list: readonly string[] | null | undefined): string[] | undefined =>
    list ? [...new Set(list.map((id) => idOf(field, id)))] : undefined;
  return {
    ...sent({ description, bufferBeforeMinutes, bufferAfterMinutes }),
    ...sent({ cancellationPolicy: cancellationPolicy && { ...cancellationPolicy } }),
    ...sentValues({ category, paymentMode, allowOnlineBooking, durationMinutes, priceAmountMinor }),
    ...sentValues({ name: input.name?.trim(), active: input.isActive }),
    ...sentValues({
      providerIds: ids('providerIds', input.providerIds),
      resourceIds: ids('resourceIds', input.resourceIds),
    }),
  };
}

/** What a type cannot be without. */
interface AppointmentTypeCore {
  readonly name?: string | null;
  readonly durationMinutes?: number | null;
  readonly priceAmountMinor?: number | null;
}

export type TypeRefusal = AppointmentTypeNameTaken | UnknownProvider | UnknownResource | ResourcesApart;

/** Why the practice may not have a type like this. The caller holds the practice's row, so that no name is taken meanwhile. */
export async function refusalOfType(
  em: EntityManager,
  own: { readonly id: string; readonly practiceId: string },
  details: AppointmentTypeDetails,
): Promise<TypeRefusal | undefined> {
  const { name, providerIds = [], resourceIds = [] } = details;
  if (name !== undefined && (await nameTaken(em, own, name))) return new AppointmentTypeNameTaken();

  const providers = await findInOrder(em, Provider, providerIds);
  const provider = providerIds.find((_, index) => providers[index]?.practiceId !== own.practiceId);
  if (provider !== undefined) return new UnknownProvider(provider);

  const resources = await findInOrder(em, Resource, resourceIds);
  const resource = resourceIds.find((_, index) => resources[index]?.practiceId !== own.practiceId);
  if (resource !== undefined) return new UnknownResource(resource);
  return new Set(resources.map((each) => each?.locationId)).size > 1 ? new ResourcesApart() : undefined;
}

async function nameTaken(
  em: EntityManager,
  own: { id: string; practiceId: string },
  name: string,
): Promise<boolean> {
  const others = await em.execute<{ id: string }[]>(
    'select id from appointment_type where practice_id = ? and lower(name) = lower(?) and id <> ?',
    [own.practiceId, name, own.id],
  );
  return others.length > 0;
}
