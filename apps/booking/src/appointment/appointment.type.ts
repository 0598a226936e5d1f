// An appointment as clients see it, its refusals, and how the gateway finds it.
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { appointmentStatuses } from '@caregraph/contracts';
import { inOrder, isId, Money, refusalType, type LoadReferences } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { Patient } from '../patient/patient.js';
import { PatientObject } from '../patient/patient.type.js';
import { Appointment } from './appointment.js';
import * as refusals from './appointment.refusals.js';
import { visibleTo } from './visibility.js';

export const AppointmentStatusEnum = Object.fromEntries(
  appointmentStatuses.map((status) => [status, status]),
);
registerEnumType(AppointmentStatusEnum, {
  name: 'AppointmentStatus',
  description: 'Where an appointment is in its life; the README of booking shows the ways between them.',
});

export const BookingModeEnum = { INSTANT: 'INSTANT', REQUEST: 'REQUEST' };
registerEnumType(BookingModeEnum, {
  name: 'BookingMode',
  description:
    'INSTANT: confirmed once the money is held. REQUEST: the provider answers before the deadline.',
});

const status = {
  status: { type: () => AppointmentStatusEnum, description: 'The status that stands in the way.' },
};
refusalType(
  refusals.AppointmentNotFound,
  'Returned when there is no such appointment, or the caller may not see it.',
);
refusalType(
  refusals.AppointmentNotCancellable,
  'Returned when the appointment is over, or has begun.',
  status,
);
refusalType(
  refusals.CancellationNotAllowed,
  'Returned when the provider does not let patients cancel online (BK-066).',
);
refusalType(
  refusals.AppointmentNotConfirmable,
  'Returned when the appointment does not wait for the provider.',
  status,
);
refusalType(
  refusals.AppointmentNotDeclinable,
  'Returned when the appointment does not wait for the provider.',
  status,
);
refusalType(refusals.ConfirmationDeadlinePassed, 'Returned at and after the deadline to answer a request.');
refusalType(refusals.PaymentHoldLapsed, 'Returned when the money is no longer held (Y-34).');
refusalType(
  refusals.PaymentNotRetryable,
  'Returned when no other card can be tried any more (Y-28).',
  status,
);
refusalType(
  refusals.AppointmentNotReschedulable,
  'Returned when the appointment is not confirmed, is over, or has begun.',
  status,
);
refusalType(
  refusals.RescheduleNotAllowed,
  'Returned when the provider does not let patients move appointments online (BK-065).',
);
refusalType(
  refusals.RescheduleLimitReached,
  'Returned when the patient has moved the appointment as often as he may (BK-084).',
  { maxAttempts: { type: () => Int, description: 'How often it could be moved, 1 to 5.' } },
);
refusalType(
  refusals.RescheduleNoticePassed,
  'Returned when the appointment begins too soon to be moved (BK-065).',
  { noticeHours: { type: () => Int, description: 'How many hours before its start it could be moved.' } },
);

/** Nouns of scheduling; the gateway completes them. `statistics/` adds to the provider. */
@Directive('@key(fields: "id")')
@ObjectType('Provider')
export class ProviderStub {
  @Field(() => ID)
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Location')
export class LocationStub {
  @Field(() => ID)
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('AppointmentType')
export class AppointmentTypeStub {
  @Field(() => ID)
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Appointment', { description: 'One visit: who sees whom, when, on which terms.' })
export class AppointmentObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { description: 'What people read to each other: CG-20260115-A7B3C.' })
  bookingNumber!: string;

  @Field(() => AppointmentStatusEnum, { description: 'Where it is in its life.' })
  status!: string;

  @Field(() => Int, { description: 'Grows with each change; drop what is older than what you have.' })
  version!: number;

  @Field(() => BookingModeEnum, { description: 'Instant or request.' })
  mode!: string;

  @Field(() => String, {
    description:
      'Why: PROVIDER_SETTING (his own, or instant booking is switched off), NO_CALENDAR, CALENDAR_CONNECTED, CALENDAR_STALE, CALENDAR_SILENT.',
  })
  modeReason!: string;

  @Field(() => Date, { description: 'When it begins.' })
  start!: Date;

  @Field(() => Date, { description: 'When it ends, buffers not counted.' })
  end!: Date;

  @Field(() => String, { description: "The provider's IANA zone when booked." })
  providerTimeZone!: string;

  @Field(() => String, { description: "The patient's IANA zone when booked." })
  patientTimeZone!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'The provider answers before it; null where no answer is awaited.',
  })
  confirmationDeadlineAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Unpaid by then, the time is given up.' })
  paymentDeadlineAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'It is confirmed, but the money could not be taken: another card is due by then.',
  })
  paymentDueAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'The money is held since then.' })
  paymentHeldAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was confirmed.' })
  confirmedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was called off.' })
  cancelledAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was called off or declined, in the words of who did.',
  })
  cancellationReason!: string | null;

  @Field(() => String, { nullable: true, description: "The patient's own words to the provider." })
  patientNotes!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The share that went back, in basis points; null while it stands.',
  })
  refundBasisPoints!: number | null;

  @Field(() => Int, { description: 'How often the patient has moved it.' })
  rescheduleCount!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why the patient moved it last, in his own words.',
  })
  rescheduleReason!: string | null;

  @Field(() => Date, { description: 'When it was booked.' })
  createdAt!: Date;
}

@Resolver(() => AppointmentObject)
export class AppointmentFields {
  @FieldResolver(() => Money, { description: 'The price agreed when it was booked.' })
  price(@Root() { priceAmountMinor, priceCurrency }: Appointment): Money {
    return { amountMinor: priceAmountMinor, currency: priceCurrency };
  }

  @FieldResolver(() => ProviderStub, { description: 'Who is seen.' })
  provider(@Root() { providerId }: Appointment): ProviderStub {
    return { id: providerId };
  }

  @FieldResolver(() => LocationStub, { description: 'Where.' })
  location(@Root() { locationId }: Appointment): LocationStub {
    return { id: locationId };
  }

  @FieldResolver(() => AppointmentTypeStub, { description: 'What for.' })
  appointmentType(@Root() { appointmentTypeId }: Appointment): AppointmentTypeStub {
    return { id: appointmentTypeId };
  }

  @FieldResolver(() => PatientObject, {
    nullable: true,
    description: 'Who comes. Whoever may see the appointment may see it.',
  })
  patient(@Root() { patientId }: Appointment, @Ctx() { em }: Deps): Promise<Patient | null> {
    return em.findOne(Patient, { id: patientId, erasedAt: null });
  }

  @FieldResolver(() => Int, {
    description: 'What the patient would get back if he cancelled now, in basis points of what was paid.',
  })
  refundBasisPointsNow(@Root() appointment: Appointment, @Ctx() { now }: Deps): number {
    return appointment.refundShare(now);
  }
}

export const loadAppointments: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const visible = visibleTo(viewer);
  if (!visible) return ids.map(() => null);
  return inOrder(ids, await em.find(Appointment, { $and: [{ id: { $in: ids.filter(isId) } }, visible] }));
};
