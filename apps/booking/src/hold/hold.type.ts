// A hold as clients see it, and its refusals.
import { Ctx, Field, FieldResolver, ID, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { refusalType } from '@caregraph/subgraph';
import {
  AppointmentTypeStub,
  BookingModeEnum,
  LocationStub,
  ProviderStub,
} from '../appointment/appointment.type.js';
import { BookingsDisabled, RequestModeDisabled } from '../appointment/appointment.refusals.js';
import type { Deps } from '../deps.js';
import { OfferRejected } from '../offer/read-offer.js';
import { tokenOf } from './hold-token.js';
import { SlotHoldNotFound, SlotHoldOver, SlotTaken, TooManyHolds, type SlotHold } from './hold.js';

const HoldStatusEnum = { ACTIVE: 'ACTIVE', CONVERTED: 'CONVERTED', EXPIRED: 'EXPIRED', RELEASED: 'RELEASED' };
registerEnumType(HoldStatusEnum, {
  name: 'SlotHoldStatus',
  description: 'How a hold stands, or how it ended.',
});

refusalType(
  BookingsDisabled,
  'Returned while no time may be taken: an operator has stopped every new hold and booking. Cancelling goes on.',
);
refusalType(
  RequestModeDisabled,
  'Returned while the provider takes no requests, and no instant booking is to be had either.',
);
refusalType(SlotTaken, 'Returned when somebody else has the time, or part of it.');
refusalType(
  TooManyHolds,
  'Returned when the caller has 3 live holds, or made 10 within 10 minutes (BK-150).',
);
refusalType(SlotHoldNotFound, 'Returned when there is no such hold, or it is not the caller’s.');
refusalType(SlotHoldOver, 'Returned when the hold has been converted, released, or has expired.', {
  holdStatus: { type: () => HoldStatusEnum, description: 'How the hold ended.' },
});
refusalType(
  OfferRejected,
  'Returned when the offer is malformed, not ours, older than ten minutes, or not for this appointment.',
  {
    fault: {
      type: () => String,
      description:
        'MALFORMED, FOREIGN, EXPIRED, NOT_BOOKABLE; MISMATCHED: of another provider, type or practice than the appointment.',
    },
  },
);

@ObjectType('SlotHold', { description: 'A time kept for five minutes while somebody checks out (BK-044).' })
export class SlotHoldObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => HoldStatusEnum, { description: 'How it stands.' })
  status!: string;

  @Field(() => Date, { description: 'When the appointment would begin.' })
  start!: Date;

  @Field(() => Date, { description: 'When it would end.' })
  end!: Date;

  @Field(() => Date, { description: 'The hold is over at this instant.' })
  expiresAt!: Date;

  @Field(() => BookingModeEnum, {
    description: 'What was offered; a booking may turn out a request, never the reverse.',
  })
  offeredMode!: string;
}

@Resolver(() => SlotHoldObject)
export class SlotHoldFields {
  @FieldResolver(() => ProviderStub, { description: 'Who would be seen.' })
  provider(@Root() { providerId }: SlotHold): ProviderStub {
    return { id: providerId };
  }

  @FieldResolver(() => AppointmentTypeStub, { description: 'What for.' })
  appointmentType(@Root() { appointmentTypeId }: SlotHold): AppointmentTypeStub {
    return { id: appointmentTypeId };
  }

  @FieldResolver(() => LocationStub, { description: 'Where.' })
  location(@Root() { locationId }: SlotHold): LocationStub {
    return { id: locationId };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Proves later that the hold is yours when you are not logged in. Keep it; null once you are.',
  })
  holdToken(@Root() hold: SlotHold, @Ctx() { viewer, offerKeys }: Deps): string | null {
    return viewer.account ? null : tokenOf(hold, offerKeys);
  }
}
