// Turns a hold into an appointment. Price, duration, policy and notice come from booking's own copies of the offering,
// never from the client; the money is held next, by payments.
import { LockMode } from '@mikro-orm/postgresql';
import { Length, Matches, MaxLength } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { cancelJob } from '@caregraph/jobs';
import { flagsSet } from '@caregraph/messaging';
import {
  badInput,
  idempotent,
  idOf,
  resultUnion,
  unauthenticated,
  type OutcomeOf,
} from '@caregraph/subgraph';
import { releaseTime } from '../claim/claims.js';
import { KnownAppointmentType, KnownProvider } from '../catalogue/known.js';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { expireHold } from '../hold/hold.jobs.js';
import { SlotHold, SlotHoldNotFound, SlotHoldOver, SlotTaken } from '../hold/hold.js';
import { holds } from '../hold/hold-token.js';
import { PatientNotFound } from '../patient/patient.js';
import { findPatient } from '../patient/patient-access.js';
import { appointmentFrom } from './appointment-from.js';
import { claimTime, planEnd } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import { BookingsDisabled, RequestModeDisabled } from './appointment.refusals.js';
import { AppointmentObject } from './appointment.type.js';
import { recordRequested } from './record-requested.js';

@InputType({ description: 'Who comes at the held time, and how it is paid.' })
export class BookAppointmentInput {
  @Field(() => ID, { description: 'The hold.' })
  holdId!: string;

  @Field(() => String, { nullable: true, description: 'Needed when you were not logged in when holding.' })
  holdToken?: string | null;

  @Field(() => ID, { description: 'The patient; one that you act for, or of your practice.' })
  patientId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The processor's id of a payment method (pm_…); required where money is due. Never a card number.",
  })
  @Matches(/^pm_\w{3,120}$/, { message: 'must be the id of a payment method (pm_…)' })
  paymentMethodId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The patient's words to the provider, at most 2000 characters.",
  })
  @MaxLength(2_000)
  notes?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  @Length(1, 255)
  idempotencyKey?: string | null;
}

const BookAppointmentResult = resultUnion<Appointment>()('BookAppointmentResult', AppointmentObject, [
  SlotHoldNotFound,
  SlotHoldOver,
  PatientNotFound,
  SlotTaken,
  BookingsDisabled,
  RequestModeDisabled,
]);
type Outcome = OutcomeOf<typeof BookAppointmentResult>;

@Resolver()
export class BookAppointmentResolver {
  @Directive(partnersWrite)
  @Mutation(() => BookAppointmentResult.type, {
    description:
      'Books the held time: at once, or as a request that the provider answers (see `mode`). It is confirmed once the money is held; watch `appointmentChanged`.',
  })
  bookAppointment(
    @Ctx() deps: Deps,
    @Arg('input', () => BookAppointmentInput) input: BookAppointmentInput,
  ): Promise<Outcome> {
    return idempotent(deps, 'bookAppointment', input, bookAppointment);
  }
}

export function bookAppointment(deps: Deps, input: BookAppointmentInput): Promise<Outcome> {
  if (!deps.viewer.account) throw unauthenticated();
  const holdId = idOf('holdId', input.holdId);
  const patientId = idOf('patientId', input.patientId);
  return deps.em.transactional(async (em) => {
    const { viewer, now } = deps;
    const hold = await em.findOne(SlotHold, { id: holdId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!hold || !holds(viewer, hold, input.holdToken)) return new SlotHoldNotFound();
    const patient = await findPatient(em, viewer, patientId, LockMode.PESSIMISTIC_READ);
    if (patient?.practiceId !== hold.practiceId) return new PatientNotFound();

    const provider = await em.findOneOrFail(KnownProvider, { id: hold.providerId });
    const type = await em.findOneOrFail(KnownAppointmentType, { id: hold.appointmentTypeId });
    const appointment = await appointmentFrom(em, {
      hold,
      patient,
      provider,
      type,
      notes: input.notes ?? null,
      flags: await flagsSet(em),
      now,
    });
    if (appointment instanceof Refusal) return appointment;
    requirePaymentMethod(appointment, input);
    const over = hold.over(now);
    if (over) return over;
    if (!(await claimTime({ ...deps, em }, appointment, { insteadOf: hold.id }))) return new SlotTaken();

    hold.convert(appointment.id, now);
    await releaseTime(em, { ...hold, kind: 'HOLD' }, now);
    em.persist(appointment);
    await cancelJob(em, expireHold, hold.id);
    await recordRequested({ ...deps, em }, appointment, input.paymentMethodId ?? null);
    await planEnd({ ...deps, em }, appointment);
    return appointment;
  });
}

function requirePaymentMethod({ nothingDue }: Appointment, { paymentMethodId }: BookAppointmentInput): void {
  if (nothingDue || paymentMethodId) return;
  throw badInput({
    field: 'paymentMethodId',
    message: 'is required: this appointment is paid when it is booked',
  });
}
