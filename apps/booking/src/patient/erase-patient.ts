// A person's right to be erased: his contact, his logins and what was said of him go; that something happened, and the
// money of it, stay without him. Other apps obey the event.
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { patientChanged } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { hasRole } from '@caregraph/runtime';
import { forbidden, idempotent, idOf, refusalType, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { Appointment } from '../appointment/appointment.js';
import { actorOn } from '../appointment/visibility.js';
import { record } from '../audit/record.js';
import type { Deps } from '../deps.js';
import { keepsPatient } from './erasure.policy.js';
import { PatientHasAppointments, PatientMoneyOpen, PatientNotFound, type Patient } from './patient.js';
import { findPatient } from './patient-access.js';
import { PatientAccount } from './patient.entity.js';

refusalType(
  PatientHasAppointments,
  'Returned when the patient has appointments that are still on, or may still be paid.',
  { appointments: { type: () => Int, description: 'How many.' } },
);
refusalType(PatientMoneyOpen, 'Returned when money of the patient is held, or is still to go back.');

@ObjectType('ErasedPatient', { description: 'A patient of whom nothing is left but that he is erased.' })
class ErasedPatientObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => Date, { description: 'When he was erased.' })
  erasedAt!: Date;
}

@InputType({ description: 'Who is to be erased.' })
export class ErasePatientInput {
  @Field(() => ID, { description: 'The patient.' })
  patientId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const ErasePatientResult = resultUnion<Patient>()('ErasePatientResult', ErasedPatientObject, [
  PatientNotFound,
  PatientHasAppointments,
  PatientMoneyOpen,
]);
type Outcome = Patient | PatientNotFound | PatientHasAppointments | PatientMoneyOpen;

@Resolver()
export class ErasePatientResolver {
  @Directive('@policy(policies: [["role:admin", "mfa"]])')
  @Mutation(() => ErasePatientResult.type, {
    description:
      'Erases a patient for good, here and in every copy; it cannot be undone. For admins of the practice.',
  })
  erasePatient(
    @Ctx() deps: Deps,
    @Arg('input', () => ErasePatientInput) input: ErasePatientInput,
  ): Promise<OutcomeOf<typeof ErasePatientResult>> {
    return idempotent(deps, 'erasePatient', input, erasePatient);
  }
}

type Erasing = Pick<Deps, 'em' | 'viewer' | 'now'>;

export function erasePatient(deps: Erasing, input: ErasePatientInput): Promise<Outcome> {
  const patientId = idOf('patientId', input.patientId);
  const { viewer, now } = deps;
  return deps.em.transactional(async (em) => {
    const patient = await findPatient(em, viewer, patientId, LockMode.PESSIMISTIC_WRITE);
    if (!patient) return new PatientNotFound();
    if (!hasRole(viewer, patient.practiceId, 'admin', 'system'))
      throw forbidden('Only an admin of the practice erases a patient.');

    const appointments = await em.find(
      Appointment,
      { patientId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    const live = appointments.filter((appointment) => keepsPatient(appointment, now)).length;
    if (live > 0) return new PatientHasAppointments(live);
    if (await hasMoneyOpen(em, patientId)) return new PatientMoneyOpen();

    for (const appointment of appointments) {
      const event = appointment.forgetPatient(actorOn(viewer, appointment), now);
      record({ ...deps, em }, appointment, event, { type: 'patient_erased' });
    }
    await em.nativeDelete(PatientAccount, { patientId });
    publish(em, patient.erase(now), now);
    await em.flush();
    await forget(em, patientId);
    return patient;
  });
}

/** By the trail: held and not settled since, or captured before the end with nothing given back after it. */
async function hasMoneyOpen(em: EntityManager, patientId: string): Promise<boolean> {
  const [open] = await em.execute<{ open: boolean }[]>(moneyOpen, [patientId]);
  return open?.open ?? false;
}

const moneyOpen = `
  select exists (
    select from appointment a,
      lateral (select max(position) filter (where type in ('payment_held', 'payment_action_required')) as held,
          max(position) filter (where type in ('payment_captured', 'payment_voided', 'payment_refunded', 'payment_failed'))
            as settled,
          max(position) filter (where type = 'payment_captured') as captured,
          max(position) filter (where type = 'payment_refunded') as refunded,
          max(position) filter (where type in ('cancelled', 'declined', 'expired')) as ended
        from audit_entry where appointment_id = a.id) trail
    where a.patient_id = ? and (a.payment_due_at is not null or held > coalesce(settled, 0)
      or (a.refund_basis_points > 0 and captured < ended and coalesce(refunded, 0) < ended))
  ) as open`;

/** What names him besides: in the trail, in holds, and in events before this one. */
async function forget(em: EntityManager, patientId: string): Promise<void> {
  await em.execute('select erase_audit_people(?)', [patientId]);
  await em.execute(
    `update slot_hold set account = null, session_id = null
     where appointment_id in (select id from appointment where patient_id = ?)`,
    [patientId],
  );
  await em.execute(`delete from outbox where type = ? and aggregateid = ?`, [patientChanged.type, patientId]);
}
