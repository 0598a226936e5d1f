// What notifications adds to booking's appointment.
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { inOrder, isId, type LoadReferences } from '@caregraph/subgraph';
import type { AppointmentAccess } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { Notification } from '../notification/notification.js';
import { NotificationObject } from '../notification/notification.type.js';
import { findVisible, standingOf } from './visibility.js';

/** An appointment has a handful; the latest are what people look for. */
const mostNotifications = 50;

@Directive('@key(fields: "id")')
@ObjectType('Appointment')
export class AppointmentStub {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => AppointmentStub)
export class AppointmentNotifications {
  @FieldResolver(() => [NotificationObject], {
    nullable: true,
    description:
      'What was sent about it, the latest first, at most 50. The practice sees all of it, a patient what went to the patient.',
  })
  notifications(
    @Root() appointment: AppointmentAccess,
    @Ctx() { em, viewer }: Deps,
  ): Promise<Notification[]> {
    const own = standingOf(viewer, appointment) === 'PATIENT' ? { recipient: 'PATIENT' as const } : {};
    return em.find(
      Notification,
      { appointmentId: appointment.id, ...own },
      { orderBy: { createdAt: 'desc', id: 'asc' }, limit: mostNotifications },
    );
  }
}

export const loadAppointments: LoadReferences<Deps> = async ({ em, viewer }, ids) =>
  inOrder(ids, await findVisible(em, viewer, ids.filter(isId)));
