// A practice changes how its providers are booked. Each provider is told of anew, since what is told of him is resolved.
import { LockMode } from '@mikro-orm/postgresql';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Provider } from '../provider/provider.js';
import { BookingSettingsInput, settingsChange } from './booking-settings.type.js';
import { Practice, UnknownPractice } from './practice.js';
import { PracticeObject } from './practice.type.js';

@InputType({ description: "What to change of a practice's booking settings." })
export class UpdateBookingSettingsInput {
  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => BookingSettingsInput, { description: 'The settings to change; those left out stay.' })
  settings!: BookingSettingsInput;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const UpdateBookingSettingsResult = resultUnion<Practice>()('UpdateBookingSettingsResult', PracticeObject, [
  UnknownPractice,
]);

@Resolver()
export class UpdateBookingSettingsResolver {
  @Mutation(() => UpdateBookingSettingsResult.type, {
    description:
      'Changes how a practice is booked; providers keep what they have set themselves. For its admins.',
  })
  updateBookingSettings(
    @Ctx() deps: Deps,
    @Arg('input', () => UpdateBookingSettingsInput) input: UpdateBookingSettingsInput,
  ): Promise<OutcomeOf<typeof UpdateBookingSettingsResult>> {
    return idempotent(deps, 'updateBookingSettings', input, updateBookingSettings);
  }
}

export async function updateBookingSettings(
  { em, viewer, now }: Deps,
  input: UpdateBookingSettingsInput,
): Promise<Practice | UnknownPractice> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(viewer, practiceId);
  const change = settingsChange(input.settings, 'settings');

  return em.transactional(async (em) => {
    // New providers wait for this lock (createProvider shares it), so that none is told of with the old settings.
    const practice = await em.findOne(Practice, { id: practiceId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!practice) return new UnknownPractice();

    publish(em, practice.changeBookingSettings(change, now), now);
    const providers = await em.find(
      Provider,
      { practiceId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    for (const provider of providers)
      publish(em, provider.followPractice(practice.bookingSettings, now), now);
    return practice;
  });
}
