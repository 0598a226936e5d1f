// A provider is booked differently from the rest of the practice, or as the rest again.
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { BookingSettingsInput, settingsChange } from '../practice/booking-settings.type.js';
import { changeProvider } from './change-provider.js';
import { UnknownProvider, type Provider } from './provider.js';
import { ProviderObject } from './provider.type.js';

@InputType({ description: 'How a provider is booked differently from the practice.' })
export class OverrideBookingSettingsInput {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => BookingSettingsInput, { description: "A field left out stays; null is the practice's again." })
  settings!: BookingSettingsInput;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const OverrideBookingSettingsResult = resultUnion<Provider>()(
  'OverrideBookingSettingsResult',
  ProviderObject,
  [UnknownProvider],
);

@Resolver()
export class OverrideBookingSettingsResolver {
  @Mutation(() => OverrideBookingSettingsResult.type, {
    description: 'Sets how one provider is booked, field by field (Y-21). For admins of his practice.',
  })
  overrideBookingSettings(
    @Ctx() deps: Deps,
    @Arg('input', () => OverrideBookingSettingsInput) input: OverrideBookingSettingsInput,
  ): Promise<OutcomeOf<typeof OverrideBookingSettingsResult>> {
    return idempotent(deps, 'overrideBookingSettings', input, overrideBookingSettings);
  }
}

export const overrideBookingSettings = (
  deps: Deps,
  input: OverrideBookingSettingsInput,
): Promise<Provider | UnknownProvider> => {
  const change = settingsChange(input.settings, 'settings');
  return changeProvider<never>(deps, input.providerId, (provider, practice) =>
    Promise.resolve(provider.overrideBookingSettings(change, practice.bookingSettings, deps.now)),
  );
};
