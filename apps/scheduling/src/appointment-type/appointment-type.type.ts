// An appointment type as clients see it. Public: it is what patients choose.
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf, refusalType, type LoadReferences } from '@caregraph/subgraph';
import { findInOrder } from '../by-id.js';
import type { Deps } from '../deps.js';
import {
  AppointmentType,
  AppointmentTypeNameTaken,
  appointmentCategories,
  paymentModes,
  ResourcesApart,
  UnknownAppointmentType,
  type CancellationPolicy,
} from './appointment-type.js';

export const AppointmentCategoryEnum = Object.fromEntries(appointmentCategories.map((one) => [one, one]));
registerEnumType(AppointmentCategoryEnum, { name: 'AppointmentCategory', description: 'Who comes.' });

export const PaymentModeEnum = Object.fromEntries(paymentModes.map((mode) => [mode, mode]));
registerEnumType(PaymentModeEnum, {
  name: 'AppointmentPaymentMode',
  description: 'HOLD: the price is authorised when booking. AT_VISIT: no card is taken.',
});

refusalType(UnknownAppointmentType, 'Returned when there is no such appointment type.');
refusalType(AppointmentTypeNameTaken, 'Returned when another type of the practice has the name (SC-022).');
refusalType(ResourcesApart, 'Returned when the resources named are not all at one location.');

@ObjectType('AppointmentTypeCancellationPolicy', { description: 'What a patient who cancels is charged.' })
export class CancellationPolicyObject {
  @Field(() => Int, { description: 'Free of charge until so many hours before the start, 0 to 720.' })
  noticeHours!: number;

  @Field(() => Int, { description: 'Kept of the price after that, 0 to 100.' })
  feePercent!: number;
}

@Directive('@key(fields: "id")')
@ObjectType('AppointmentType', { description: 'What may be booked.' })
export class AppointmentTypeObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Unique in its practice.' })
  name!: string;

  @Field(() => AppointmentCategoryEnum, { description: 'Who comes.' })
  category!: string;

  @Field(() => String, { nullable: true, description: 'What it is, for patients.' })
  description!: string | null;

  @Field(() => Int, { description: 'How long it takes, buffers not counted.' })
  durationMinutes!: number;

  @Field(() => Int, { nullable: true, description: 'Kept free before it; null: not set, which is 0.' })
  bufferBeforeMinutes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Kept free after it; null: not set, the provider's counts.",
  })
  bufferAfterMinutes!: number | null;

  @Field(() => PaymentModeEnum, { description: 'When it is paid.' })
  paymentMode!: string;

  @Field(() => CancellationPolicyObject, {
    nullable: true,
    description: "Its own policy; null: the provider's or the platform's counts (Y-22).",
  })
  cancellationPolicy!: CancellationPolicy | null;

  @Field(() => Boolean, { description: 'Whether patients may book it themselves (SC-027).' })
  allowOnlineBooking!: boolean;

  @Field(() => Boolean, { description: 'Whether it may be booked at all.' })
  active!: boolean;
}

export const AppointmentTypeConnection = connectionOf(AppointmentTypeObject, 'AppointmentType');

export const loadAppointmentTypes: LoadReferences<Deps> = ({ em }, ids) =>
  findInOrder(em, AppointmentType, ids);
