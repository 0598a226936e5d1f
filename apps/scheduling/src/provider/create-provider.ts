// A practice takes on a provider.
import { LockMode } from '@mikro-orm/postgresql';
import { Length, Matches } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { UnknownLocation } from '../location/location.js';
import { changedOverride } from '../practice/booking-settings.policy.js';
import { BookingSettingsInput, settingsChange } from '../practice/booking-settings.type.js';
import { Practice, UnknownPractice } from '../practice/practice.js';
import { foreignLocation, namePattern, providerDetails, ProviderDetailsInput } from './provider-details.js';
import { Provider } from './provider.js';
import { ProviderObject } from './provider.type.js';

@InputType({ description: 'Whom a practice takes on.' })
export class CreateProviderInput extends ProviderDetailsInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { description: 'As patients know him, 1 to 200 characters.' })
  @Length(1, 200)
  @Matches(namePattern, { message: 'must be a name' })
  name!: string;

  @Field(() => BookingSettingsInput, {
    nullable: true,
    description: "What differs from the practice's settings.",
  })
  bookingSettings?: BookingSettingsInput | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreateProviderResult = resultUnion<Provider>()('CreateProviderResult', ProviderObject, [
  UnknownPractice,
  UnknownLocation,
]);

@Resolver()
export class CreateProviderResolver {
  @Mutation(() => CreateProviderResult.type, {
    description: 'Takes on a provider. For admins of the practice.',
  })
  createProvider(
    @Ctx() deps: Deps,
    @Arg('input', () => CreateProviderInput) input: CreateProviderInput,
  ): Promise<OutcomeOf<typeof CreateProviderResult>> {
    return idempotent(deps, 'createProvider', input, createProvider);
  }
}

export async function createProvider(
  { em, viewer, now, sealer }: Deps,
  input: CreateProviderInput,
): Promise<Provider | UnknownPractice | UnknownLocation> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(viewer, practiceId);
  const override = changedOverride({}, settingsChange(input.bookingSettings, 'bookingSettings'));

  return em.transactional(async (em) => {
    // Shared with other writers of the practice, and kept from a change of its settings: see updateBookingSettings.
    const practice = await em.findOne(Practice, { id: practiceId }, { lockMode: LockMode.PESSIMISTIC_READ });
    if (!practice) return new UnknownPractice();
    const id = await newId(em, Provider, input.id);
    const details = providerDetails({ sealer }, id, input);
    const unknown = await foreignLocation(em, practiceId, details.locationIds);
    if (unknown) return unknown;

    const provider = Object.assign(new Provider(), details, {
      id,
      practiceId,
      name: input.name.trim(),
      settingsOverride: override,
      createdAt: now,
      updatedAt: now,
    });
    em.persist(provider);
    publish(em, provider.changed(practice.bookingSettings), now);
    return provider;
  });
}
