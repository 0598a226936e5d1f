// Sends a message once more, because somebody did not get it or lost it. The copy is a notification of its own.
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { forbidden, idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { findVisible, standingOf } from '../appointment/visibility.js';
import { lockAppointment } from '../copies/keep-appointment.js';
import { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { stillTrue } from './messages.policy.js';
import { Notification } from './notification.js';
import { NotificationNotFound, NotificationNotResendable } from './notification.refusals.js';
import { NotificationObject } from './notification.type.js';
import { sendAgain } from './send-again.js';

@InputType({ description: 'Which message to send again.' })
export class ResendNotificationInput {
  @Field(() => ID, { description: 'The notification.' })
  notificationId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const ResendNotificationResult = resultUnion<Notification>()('ResendNotificationResult', NotificationObject, [
  NotificationNotFound,
  NotificationNotResendable,
]);

@Resolver()
export class ResendNotificationResolver {
  @Directive('@authenticated')
  @Mutation(() => ResendNotificationResult.type, {
    description:
      'Sends a message once more, to the address that is known now. The practice resends any; a patient his own confirmation. At most 5 times.',
  })
  resendNotification(
    @Ctx() deps: Deps,
    @Arg('input', () => ResendNotificationInput) input: ResendNotificationInput,
  ): Promise<OutcomeOf<typeof ResendNotificationResult>> {
    return idempotent(deps, 'resendNotification', input, resendNotification);
  }
}

export function resendNotification(
  deps: Deps,
  input: ResendNotificationInput,
): Promise<Notification | NotificationNotFound | NotificationNotResendable> {
  const { viewer, now } = deps;
  const id = idOf('notificationId', input.notificationId);
  return deps.em.transactional(async (em) => {
    const notification = await em.findOne(Notification, { id });
    if (!notification) return new NotificationNotFound();
    const { appointmentId, cause, recipient } = notification;
    const [access] = await findVisible(em, viewer, [appointmentId]);
    const standing = access && standingOf(viewer, access);
    if (!standing || (standing === 'PATIENT' && recipient !== 'PATIENT')) return new NotificationNotFound();
    if (standing === 'PATIENT' && cause !== 'appointment-confirmed') {
      throw forbidden('Patients resend their confirmation only; ask the practice for anything else.');
    }

    await lockAppointment(em, appointmentId);
    const appointment = await em.findOneOrFail(KnownAppointment, { id: appointmentId });
    if (!stillTrue(notification, appointment, now)) {
      return new NotificationNotResendable(notification.status, 'it is no longer true');
    }
    return sendAgain({ ...deps, em }, notification);
  });
}
