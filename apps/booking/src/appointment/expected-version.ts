// A client changes what it shows. Where that is older than what there is, it may be refused and told what there is, so
// that nobody calls off a visit that was moved meanwhile (GW-006).
import { Min } from 'class-validator';
import { Field, InputType, Int } from 'type-graphql';
import { refusalType } from '@caregraph/subgraph';
import type { Appointment } from './appointment.js';
import { AppointmentOutdated } from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';

refusalType(
  AppointmentOutdated,
  'Returned when the appointment is not of the version that the caller expected; nothing was changed.',
  { appointment: { type: () => AppointmentObject, description: 'The appointment as it is.' } },
);

@InputType()
export class ExpectedVersionInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'The version that you show. Refused when it is another by now; left out: whatever it is. It grows with payments and messages too.',
  })
  @Min(1)
  expectedVersion?: number | null;
}

/** The refusal where the caller expects another version than the one that is locked. */
export const outdated = (
  appointment: Appointment,
  { expectedVersion }: ExpectedVersionInput,
): AppointmentOutdated | undefined =>
  typeof expectedVersion === 'number' && expectedVersion !== appointment.version
    ? new AppointmentOutdated(appointment)
    : undefined;
