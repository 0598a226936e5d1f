// Free times as clients see them, each with its signed offer.
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { signOffer } from '@caregraph/contracts';
import type { AppointmentType } from '../appointment-type/appointment-type.js';
import type { Deps } from '../deps.js';
import type { Location } from '../location/location.js';
import { LocationObject } from '../location/location.type.js';
import { OfferedModeEnum } from '../practice/booking-settings.type.js';
import type { Provider } from '../provider/provider.js';
import { ProviderObject } from '../provider/provider.type.js';
import type { FoundSlot } from './find-slots.js';
import { localTime } from './local-time.policy.js';

/** An offer is worth nothing after that. */
export const offerMinutes = 10;

/** A slot with what its offer is made of. */
export interface OfferedSlot extends FoundSlot {
  readonly type: AppointmentType;
  /** In which it is told. */
  readonly timeZone: string;
}

@ObjectType('Slot', { description: 'A time at which the appointment may be booked.' })
export class SlotObject {
  @Field(() => Date, { description: 'When it would begin.' })
  start!: Date;

  @Field(() => Date, { description: 'When it would end, buffers not counted.' })
  end!: Date;

  @Field(() => ProviderObject, { description: 'Who is free.' })
  provider!: Provider;

  @Field(() => LocationObject, { description: 'Where.' })
  location!: Location;

  @Field(() => OfferedModeEnum, {
    description: 'What to expect; a booking may turn out a request, never the reverse.',
  })
  mode!: string;
}

@ObjectType('Availability', { description: 'The free times of a window.' })
export class AvailabilityObject {
  @Field(() => String, { description: 'IANA zone in which `localStart` is told.' })
  timeZone!: string;

  @Field(() => [SlotObject], {
    description:
      'By start, at most `first` and the rest of the last start; equal starts in the order of the providers asked for.',
  })
  slots!: readonly OfferedSlot[];

  @Field(() => Date, {
    nullable: true,
    description:
      'There are more: ask again with it as `from`, and drop what you have already. Null: these are all.',
  })
  nextFrom!: Date | null;

  @Field(() => Boolean, {
    description:
      'New bookings are disabled for the time being, everywhere: no time is listed, whether or not somebody is free.',
  })
  bookingsDisabled!: boolean;
}

@Resolver(() => SlotObject)
export class SlotFields {
  @FieldResolver(() => String, {
    description: 'The start on the wall clock of the zone asked for, with its offset.',
  })
  localStart(@Root() { start, timeZone }: OfferedSlot): string {
    return localTime(start, timeZone);
  }

  @FieldResolver(() => String, {
    description:
      'Hand it to holdSlot, or to rescheduleAppointment, within ten minutes. Opaque, under 250 characters.',
  })
  offer(@Root() slot: OfferedSlot, @Ctx() deps: Deps): string {
    return offerOf(slot, deps);
  }
}

/** Signed only when it is asked for: most lists are looked at, not booked. */
export const offerOf = (slot: OfferedSlot, { offerKeys, now }: Pick<Deps, 'offerKeys' | 'now'>): string =>
  signOffer(
    {
      practiceId: slot.type.practiceId,
      providerId: slot.provider.id,
      appointmentTypeId: slot.type.id,
      locationId: slot.locationId,
      resourceIds: slot.type.resourceIds,
      start: slot.start,
      expiresAt: new Date(now.getTime() + offerMinutes * 60_000),
      expectedMode: slot.mode,
      appointmentTypeVersion: slot.type.version,
      providerVersion: slot.provider.version,
      overruled: 0,
    },
    offerKeys,
  );
