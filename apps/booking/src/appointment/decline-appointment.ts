// The provider, or the practice for him, says no to a request. The time is free again, the money goes back.
import { MaxLength } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { forbidden, idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { freeTime } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import {
  AppointmentNotDeclinable,
  AppointmentNotFound,
  AppointmentOutdated,
  ConfirmationDeadlinePassed,
} from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { ExpectedVersionInput, outdated } from './expected-version.js';
import { actorOn, actsForPractice, findToChange } from './visibility.js';

@InputType({ description: 'Which request to decline.' })
export class DeclineAppointmentInput extends ExpectedVersionInput {
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

const DeclineAppointmentResult = resultUnion<Appointment>()('DeclineAppointmentResult', AppointmentObject, [
  AppointmentNotFound,
  AppointmentOutdated,
  AppointmentNotDeclinable,
  ConfirmationDeadlinePassed,
]);

@Resolver()
export class DeclineAppointmentResolver {
  @Directive(partnersWrite)
  @Mutation(() => DeclineAppointmentResult.type, {
    description: 'Says no to a request, as its provider or the practice, before the deadline (BK-069).',
  })
  declineAppointment(
    @Ctx() deps: Deps,
    @Arg('input', () => DeclineAppointmentInput) input: DeclineAppointmentInput,
  ): Promise<OutcomeOf<typeof DeclineAppointmentResult>> {
    return idempotent(deps, 'declineAppointment', input, declineAppointment);
  }
}

export function declineAppointment(
  deps: Deps,
  input: DeclineAppointmentInput,
): Promise<
  | Appointment
  | AppointmentNotFound
  | AppointmentOutdated
  | AppointmentNotDeclinable
  | ConfirmationDeadlinePassed
> {
  const appointmentId = idOf('appointmentId', input.appointmentId);
  return deps.em.transactional(async (em) => {
    const appointment = await findToChange(em, deps.viewer, appointmentId);
    if (!appointment) return new AppointmentNotFound();
    const actor = actorOn(deps.viewer, appointment);
    if (!actsForPractice(actor)) throw forbidden('Only the provider or the practice declines a request.');
    const stale = outdated(appointment, input);
    if (stale) return stale;

    const outcome = appointment.decline(actor, input.reason ?? null, deps.now);
    if (outcome instanceof Refusal) return outcome;

    await freeTime({ ...deps, em }, appointment);
    record({ ...deps, em }, appointment, outcome);
    return appointment;
  });
}
