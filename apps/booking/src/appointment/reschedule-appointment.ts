// Moves a confirmed appointment to another offered time of its provider and type. Only its patient moves it here (Y-04).
import { Length, MaxLength } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal, type Offer } from '@caregraph/contracts';
import { forbidden, idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { SlotTaken } from '../hold/hold.js';
import { offeredSlot, OfferRejected } from '../offer/read-offer.js';
import { claimTime } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import {
  AppointmentNotFound,
  AppointmentOutdated,
  AppointmentNotReschedulable,
  BookingsDisabled,
  RescheduleLimitReached,
  RescheduleNotAllowed,
  RescheduleNoticePassed,
} from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { ExpectedVersionInput, outdated } from './expected-version.js';
import { bookingsStopped } from './stopped.js';
import { findToChange, patientOn } from './visibility.js';

@InputType({ description: 'Which appointment to move, and to which offered time.' })
export class RescheduleAppointmentInput extends ExpectedVersionInput {
  @Field(() => ID, { description: 'The appointment.' })
  appointmentId!: string;

  @Field(() => String, {
    description:
      'The `offer` of a slot of the same provider and appointment type, as `availability` gave it. Do not hold it first: a hold would be in the way.',
  })
  @Length(1, 250)
  offer!: string;

  @Field(() => String, {
    nullable: true,
    description: 'At most 500 characters; it stays with the practice and the patient.',
  })
  @MaxLength(500)
  reason?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const RescheduleAppointmentResult = resultUnion<Appointment>()(
  'RescheduleAppointmentResult',
  AppointmentObject,
  [
    AppointmentNotFound,
    AppointmentOutdated,
    OfferRejected,
    AppointmentNotReschedulable,
    RescheduleNotAllowed,
    RescheduleLimitReached,
    RescheduleNoticePassed,
    SlotTaken,
    BookingsDisabled,
  ],
);
type Outcome = OutcomeOf<typeof RescheduleAppointmentResult>;

@Resolver()
export class RescheduleAppointmentResolver {
  @Directive(partnersWrite)
  @Mutation(() => RescheduleAppointmentResult.type, {
    description:
      'Moves a confirmed appointment to another time, as its patient; it is as long as before, and its status and price stay. The place is the offer’s. Asked for the time that it has already, it answers the appointment and counts nothing (BK-083).',
  })
  rescheduleAppointment(
    @Ctx() deps: Deps,
    @Arg('input', () => RescheduleAppointmentInput) input: RescheduleAppointmentInput,
  ): Promise<Outcome> {
    return idempotent(deps, 'rescheduleAppointment', input, rescheduleAppointment);
  }
}

export function rescheduleAppointment(deps: Deps, input: RescheduleAppointmentInput): Promise<Outcome> {
  const appointmentId = idOf('appointmentId', input.appointmentId);
  return deps.em.transactional(async (em) => {
    const { viewer, now } = deps;
    const appointment = await findToChange(em, viewer, appointmentId);
    if (!appointment) return new AppointmentNotFound();
    const actor = patientOn(viewer, appointment);
    if (!actor) throw forbidden('Only the patient moves an appointment.');

    const slot = await offeredSlot(em, input.offer, deps);
    if (slot instanceof OfferRejected) return slot;
    if (!fits(slot.offer, appointment)) return new OfferRejected('MISMATCHED');
    const to = appointment.placeAt({ ...slot.offer, resourceIds: [...slot.offer.resourceIds] });
    // A second click must neither use up another move nor be told that there is none left.
    if (appointment.standsAt(to)) return appointment;
    const refusal = await refusalToMove(em, appointment, input, now);
    if (refusal) return refusal;
    if (!(await claimTime({ ...deps, em }, appointment, { at: to }))) return new SlotTaken();

    const outcome = appointment.reschedule(to, input.reason ?? null, actor, now);
    if (outcome instanceof Refusal) return outcome;

    const { previousStart, previousEnd, start, end } = outcome.data;
    record({ ...deps, em }, appointment, outcome, { data: { previousStart, previousEnd, start, end } });
    return appointment;
  });
}

/** A move takes a time that nobody had, so it is stopped with new bookings; what is booked keeps its time. */
const refusalToMove = async (
  em: Deps['em'],
  appointment: Appointment,
  input: RescheduleAppointmentInput,
  now: Date,
) => outdated(appointment, input) ?? appointment.rescheduleRefusal(now) ?? (await bookingsStopped(em));

/** Price, buffers and policy were agreed for this provider and type; only time, location and rooms may be others. */
const fits = (offer: Offer, { practiceId, providerId, appointmentTypeId }: Appointment): boolean =>
  offer.practiceId === practiceId &&
  offer.providerId === providerId &&
  offer.appointmentTypeId === appointmentTypeId;
