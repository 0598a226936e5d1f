// A practice changes what is known of a provider, or whether he takes bookings.
import { Length, Matches } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { UnknownLocation } from '../location/location.js';
import { sentValues } from '../sent.js';
import { changeProvider } from './change-provider.js';
import { foreignLocation, namePattern, providerDetails, ProviderDetailsInput } from './provider-details.js';
import { UnknownProvider, type Provider } from './provider.js';
import { ProviderObject } from './provider.type.js';

@InputType({ description: 'What to change of a provider; fields left out stay.' })
export class UpdateProviderInput extends ProviderDetailsInput {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => String, { nullable: true, description: 'As patients know him, 1 to 200 characters.' })
  @Length(1, 200)
  @Matches(namePattern, { message: 'must be a name' })
  name?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False: he takes no bookings any more.' })
  isActive?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const UpdateProviderResult = resultUnion<Provider>()('UpdateProviderResult', ProviderObject, [
  UnknownProvider,
  UnknownLocation,
]);

@Resolver()
export class UpdateProviderResolver {
  @Mutation(() => UpdateProviderResult.type, {
    description: 'Changes what is known of a provider. For admins of his practice.',
  })
  updateProvider(
    @Ctx() deps: Deps,
    @Arg('input', () => UpdateProviderInput) input: UpdateProviderInput,
  ): Promise<OutcomeOf<typeof UpdateProviderResult>> {
    return idempotent(deps, 'updateProvider', input, updateProvider);
  }
}

export const updateProvider = (
  deps: Deps,
  input: UpdateProviderInput,
): Promise<Provider | UnknownProvider | UnknownLocation> =>
  changeProvider<UnknownLocation>(deps, input.providerId, async (provider, practice, em) => {
    const details = {
      ...providerDetails(deps, provider.id, input),
      ...sentValues({ name: input.name?.trim(), active: input.isActive }),
    };
    const unknown = await foreignLocation(em, provider.practiceId, details.locationIds);
    return unknown ?? provider.update(details, practice.bookingSettings, deps.now);
  });
