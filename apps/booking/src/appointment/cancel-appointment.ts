// Calls an appointment off. What goes back follows the policy copied at booking; payments does it by its own state.
import { MaxLength } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { freeTime } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import {
  AppointmentNotCancellable,
  AppointmentNotFound,
  AppointmentOutdated,
  CancellationNotAllowed,
} from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { ExpectedVersionInput, outdated } from './expected-version.js';
import { actorOn, findToChange } from './visibility.js';

@InputType({ description: 'Which appointment to call off.' })
export class CancelAppointmentInput extends ExpectedVersionInput {
  @Field(() => ID, { description: 'The appointment.' })
  appointmentId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'At most 500 characters; it stays with the practice and the patient.',
  })
  @MaxLength(500)
  reason?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CancelAppointmentResult = resultUnion<Appointment>()('CancelAppointmentResult', AppointmentObject, [
  AppointmentNotFound,
  AppointmentOutdated,
  AppointmentNotCancellable,
  CancellationNotAllowed,
]);

@Resolver()
export class CancelAppointmentResolver {
  @Directive(partnersWrite)
  @Mutation(() => CancelAppointmentResult.type, {
    description:
      'Calls an appointment off, as its patient, its provider or the practice. A patient gets back what the policy says; a practice that cancels gives all back.',
  })
  cancelAppointment(
    @Ctx() deps: Deps,
    @Arg('input', () => CancelAppointmentInput) input: CancelAppointmentInput,
  ): Promise<OutcomeOf<typeof CancelAppointmentResult>> {
    return idempotent(deps, 'cancelAppointment', input, cancelAppointment);
  }
}

export function cancelAppointment(
  deps: Deps,
  input: CancelAppointmentInput,
): Promise<
  Appointment | AppointmentNotFound | AppointmentOutdated | AppointmentNotCancellable | CancellationNotAllowed
> {
  const appointmentId = idOf('appointmentId', input.appointmentId);
  return deps.em.transactional(async (em) => {
    // Somebody else's appointment reads as absent, so that ids cannot be probed.
    const appointment = await findToChange(em, deps.viewer, appointmentId);
    if (!appointment) return new AppointmentNotFound();
    const stale = outdated(appointment, input);
    if (stale) return stale;

    const outcome = appointment.cancel(actorOn(deps.viewer, appointment), input.reason ?? null, deps.now);
    if (outcome instanceof Refusal) return outcome;

    await freeTime({ ...deps, em }, appointment);
    record({ ...deps, em }, appointment, outcome);
    return appointment;
  });
}
