// The provider, or the practice for him, says yes to a request. Payments then captures what is held.
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { forbidden, idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { planEnd } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import {
  AppointmentNotConfirmable,
  AppointmentNotFound,
  AppointmentOutdated,
  ConfirmationDeadlinePassed,
  PaymentHoldLapsed,
} from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { ExpectedVersionInput, outdated } from './expected-version.js';
import { actorOn, actsForPractice, findToChange } from './visibility.js';

@InputType({ description: 'Which request to confirm.' })
export class ConfirmAppointmentInput extends ExpectedVersionInput {
  @Field(() => ID, { description: 'The appointment.' })
  appointmentId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const ConfirmAppointmentResult = resultUnion<Appointment>()('ConfirmAppointmentResult', AppointmentObject, [
  AppointmentNotFound,
  AppointmentOutdated,
  AppointmentNotConfirmable,
  ConfirmationDeadlinePassed,
  PaymentHoldLapsed,
]);
type Outcome =
  | Appointment
  | AppointmentNotFound
  | AppointmentOutdated
  | AppointmentNotConfirmable
  | ConfirmationDeadlinePassed
  | PaymentHoldLapsed;

@Resolver()
export class ConfirmAppointmentResolver {
  @Directive(partnersWrite)
  @Mutation(() => ConfirmAppointmentResult.type, {
    description:
      'Says yes to a request, as its provider or the practice, before the deadline. The money is captured next.',
  })
  confirmAppointment(
    @Ctx() deps: Deps,
    @Arg('input', () => ConfirmAppointmentInput) input: ConfirmAppointmentInput,
  ): Promise<OutcomeOf<typeof ConfirmAppointmentResult>> {
    return idempotent(deps, 'confirmAppointment', input, confirmAppointment);
  }
}

export function confirmAppointment(deps: Deps, input: ConfirmAppointmentInput): Promise<Outcome> {
  const appointmentId = idOf('appointmentId', input.appointmentId);
  return deps.em.transactional(async (em) => {
    const appointment = await findToChange(em, deps.viewer, appointmentId);
    if (!appointment) return new AppointmentNotFound();
    const actor = actorOn(deps.viewer, appointment);
    if (!actsForPractice(actor)) throw forbidden('Only the provider or the practice confirms a request.');
    const stale = outdated(appointment, input);
    if (stale) return stale;

    const outcome = appointment.confirm(actor, deps.now);
    if (outcome instanceof Refusal) return outcome;

    record({ ...deps, em }, appointment, outcome);
    await planEnd({ ...deps, em }, appointment);
    return appointment;
  });
}
