// What booking can say again for those who keep copies.
import type { EntityManager } from '@mikro-orm/postgresql';
import { appointmentUpdated, claimsChanged, type DomainEvent } from '@caregraph/contracts';
import { restating, type Republishable, type Restating } from '@caregraph/messaging';
import { system } from './appointment/actor.js';
import { Appointment } from './appointment/appointment.js';
import { PatientAccount } from './patient/patient.entity.js';
import { Patient } from './patient/patient.js';

/** Holds and appointments occupy time; those that occupy none say that too, which mends a copy that says otherwise. */
const claims: Restating = async (em, after, limit) => {
  const owners = await em.execute<OwnerRow[]>(occupying, [after, limit]);
  return owners.map(({ expiresAt, claims, ...owner }) => ({
    id: owner.ownerId,
    event: claimsChanged.of({
      ...owner,
      claims: claims.map(({ subjectId, start, end }) => ({
        subjectId,
        start: new Date(start).toISOString(),
        end: new Date(end).toISOString(),
      })),
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    }),
  }));
};

interface OwnerRow {
  readonly ownerId: string;
  readonly ownerKind: 'HOLD' | 'APPOINTMENT';
  readonly practiceId: string;
  readonly version: number;
  readonly expiresAt: string | Date | null;
  readonly claims: readonly { readonly subjectId: string; readonly start: string; readonly end: string }[];
}

const occupying = `
  select id as "ownerId", kind as "ownerKind", practice_id as "practiceId", version, expires_at as "expiresAt",
    coalesce((select jsonb_agg(jsonb_build_object('subjectId', subject_id, 'start', lower(during), 'end', upper(during))
      order by subject_id) from claim where owner_id = owner.id), '[]') as claims
  from (select id, 'APPOINTMENT' as kind, practice_id, version, null::timestamptz as expires_at from appointment
        union all select id, 'HOLD', practice_id, version, expires_at from slot_hold) owner
  where id > ? order by id limit ?`;

async function patientEvents(patients: readonly Patient[], em: EntityManager): Promise<DomainEvent[]> {
  const accounts = await em.find(
    PatientAccount,
    { patientId: { $in: patients.map(({ id }) => id) } },
    { orderBy: { createdAt: 'asc', sub: 'asc' } },
  );
  const subs = Map.groupBy(accounts, ({ patientId }) => patientId);
  return patients.map((patient) => patient.restated((subs.get(patient.id) ?? []).map(({ sub }) => sub)));
}

export const republishable: Republishable = {
  patient: restating(Patient, patientEvents),
  appointment: restating(Appointment, (appointments) =>
    appointments.map((appointment) =>
      appointmentUpdated.of(appointment.state(system, appointment.updatedAt)),
    ),
  ),
  claim: claims,
};
