// Another card after a failed payment, within 24 hours. The time was given up meanwhile and is taken anew (Y-28).
import { Matches } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { SlotTaken } from '../hold/hold.js';
import { claimTime, planEnd } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import {
  AppointmentNotFound,
  AppointmentOutdated,
  BookingsDisabled,
  PaymentNotRetryable,
} from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { ExpectedVersionInput, outdated } from './expected-version.js';
import { bookingsStopped } from './stopped.js';
import { actorOn, findToChange } from './visibility.js';

@InputType({ description: 'Which appointment is paid with which other card.' })
export class RetryAppointmentPaymentInput extends ExpectedVersionInput {
  @Field(() => ID, { description: 'The appointment.' })
  appointmentId!: string;

  @Field(() => String, { description: "The processor's id of a payment method (pm_…)." })
  @Matches(/^pm_\w{3,120}$/, { message: 'must be the id of a payment method (pm_…)' })
  paymentMethodId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const RetryAppointmentPaymentResult = resultUnion<Appointment>()(
  'RetryAppointmentPaymentResult',
  AppointmentObject,
  [AppointmentNotFound, AppointmentOutdated, PaymentNotRetryable, SlotTaken, BookingsDisabled],
);
type Outcome = OutcomeOf<typeof RetryAppointmentPaymentResult>;

@Resolver()
export class RetryAppointmentPaymentResolver {
  @Directive(partnersWrite)
  @Mutation(() => RetryAppointmentPaymentResult.type, {
    description: 'Tries another card after a failed payment, if the time is still free (BK-040).',
  })
  retryAppointmentPayment(
    @Ctx() deps: Deps,
    @Arg('input', () => RetryAppointmentPaymentInput) input: RetryAppointmentPaymentInput,
  ): Promise<Outcome> {
    return idempotent(deps, 'retryAppointmentPayment', input, retryAppointmentPayment);
  }
}

export function retryAppointmentPayment(deps: Deps, input: RetryAppointmentPaymentInput): Promise<Outcome> {
  const appointmentId = idOf('appointmentId', input.appointmentId);
  return deps.em.transactional(async (em) => {
    const appointment = await findToChange(em, deps.viewer, appointmentId);
    if (!appointment) return new AppointmentNotFound();
    const stale = outdated(appointment, input);
    if (stale) return stale;
    if (!appointment.paymentRetryable(deps.now)) return new PaymentNotRetryable(appointment.status);
    // What stands already keeps its time; paying for it goes on, or it would be called off unpaid.
    const stopped = appointment.status === 'CONFIRMED' ? undefined : await bookingsStopped(em);
    if (stopped) return stopped;
    if (!(await claimTime({ ...deps, em }, appointment))) return new SlotTaken();

    const outcome = appointment.retryPayment(
      input.paymentMethodId,
      actorOn(deps.viewer, appointment),
      deps.now,
    );
    if (outcome instanceof Refusal) return outcome;

    record({ ...deps, em }, appointment, outcome);
    await planEnd({ ...deps, em }, appointment);
    return appointment;
  });
}
