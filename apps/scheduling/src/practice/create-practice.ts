// The platform opens a practice.
import { randomUUID } from 'node:crypto';
import { IsEmail, IsOptional, Length, Matches } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { badInput, idempotent, idOf, isTaken, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { parseTimeZone } from '@caregraph/time';
import { requirePlatform } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { practiceEmailContext } from '../provider/contact.js';
import { changedSettings, defaultBookingSettings } from './booking-settings.policy.js';
import { BookingSettingsInput, settingsChange } from './booking-settings.type.js';
import { Practice, PracticeExists } from './practice.js';
import { PracticeObject } from './practice.type.js';

@InputType({ description: 'The practice to open.' })
export class CreatePracticeInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => String, { description: 'Its name, 1 to 200 characters.' })
  @Length(1, 200)
  @Matches(/^[^\r\n<>]*[^\s<>][^\r\n<>]*$/, { message: 'must be a name' })
  name!: string;

  @Field(() => String, { description: 'IANA zone, for example America/Denver.' })
  timeZone!: string;

  @Field(() => String, { defaultValue: 'USD', description: 'ISO 4217.' })
  @Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 code' })
  currency!: string;

  @Field(() => String, {
    defaultValue: 'CG',
    description: 'Two to four capitals before each booking number.',
  })
  @Matches(/^[A-Z]{2,4}$/, { message: 'must be two to four capitals' })
  bookingNumberPrefix!: string;

  @Field(() => BookingSettingsInput, {
    nullable: true,
    description: "What differs from the platform's defaults.",
  })
  bookingSettings?: BookingSettingsInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where its desk gets mail, for example of payments that failed.',
  })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreatePracticeResult = resultUnion<Practice>()('CreatePracticeResult', PracticeObject, [
  PracticeExists,
]);

@Resolver()
export class CreatePracticeResolver {
  @Mutation(() => CreatePracticeResult.type, { description: "Opens a practice. For the platform's support." })
  createPractice(
    @Ctx() deps: Deps,
    @Arg('input', () => CreatePracticeInput) input: CreatePracticeInput,
  ): Promise<OutcomeOf<typeof CreatePracticeResult>> {
    return idempotent(deps, 'createPractice', input, createPractice);
  }
}

export async function createPractice(
  { em, viewer, now, sealer }: Deps,
  input: CreatePracticeInput,
): Promise<Practice | PracticeExists> {
  requirePlatform(viewer);
  const id = input.id ? idOf('id', input.id) : randomUUID();
  const settings = settingsChange(input.bookingSettings, 'bookingSettings');
  const timeZone = parseTimeZone(input.timeZone);
  if (!timeZone) throw badInput({ field: 'timeZone', message: 'must be an IANA time zone' });
  if (!Intl.supportedValuesOf('currency').includes(input.currency)) {
    throw badInput({ field: 'currency', message: 'must be an ISO 4217 code' });
  }

  return em.transactional(async (em) => {
    if (await isTaken(em, Practice, id)) return new PracticeExists();

    const practice = new Practice();
    practice.id = id;
    practice.name = input.name.trim();
    practice.timeZone = timeZone;
    practice.currency = input.currency;
    practice.bookingNumberPrefix = input.bookingNumberPrefix;
    practice.bookingSettings = changedSettings(defaultBookingSettings, settings);
    practice.email = input.email ? sealer.seal(input.email, practiceEmailContext(id)) : null;
    practice.createdAt = practice.updatedAt = now;
    em.persist(practice);
    publish(em, practice.changed(), now);
    return practice;
  });
}
