// An appointment's trail, as the practice and the patient may read it (BK-102).
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorOn, actsForPractice } from '../appointment/visibility.js';
import type { Appointment } from '../appointment/appointment.js';
import { AppointmentObject } from '../appointment/appointment.type.js';
import type { Deps } from '../deps.js';
import { AuditEntry } from './audit-entry.js';

@ObjectType('AuditEntry', { description: 'One change of an appointment; entries are never changed.' })
class AuditEntryObject {
  @Field(() => String, { description: 'What happened: created, payment_held, confirmed, …' })
  type!: string;

  @Field(() => String, { nullable: true, description: 'The status before.' })
  previousStatus!: string | null;

  @Field(() => String, { description: 'The status after.' })
  newStatus!: string;

  @Field(() => Int, { description: "The appointment's version after it." })
  version!: number;

  @Field(() => String, {
    description: 'In which role it was done: patient, provider, staff, admin, support, system.',
  })
  actorType!: string;

  @Field(() => Date, { description: 'When.' })
  at!: Date;
}

/** The newest of a long trail; an appointment has a dozen. */
const mostEntries = 50;

@Resolver(() => AppointmentObject)
export class HistoryField {
  @FieldResolver(() => [AuditEntryObject], {
    nullable: true,
    description: 'The trail, oldest first, at most 50; null to the patient, who has the status.',
  })
  async history(@Root() appointment: Appointment, @Ctx() { em, viewer }: Deps): Promise<AuditEntry[] | null> {
    if (!actsForPractice(actorOn(viewer, appointment))) return null;
    const newest = await em.find(
      AuditEntry,
      { appointmentId: appointment.id },
      { orderBy: { seq: 'desc' }, limit: mostEntries },
    );
    return newest.reverse();
  }
}
