// Every way in which a notification says no.
import { Refusal } from '@caregraph/contracts';
import type { NotificationStatus } from './lifecycle.js';

export class NotificationNotFound extends Refusal {
  readonly code = 'NOTIFICATION_NOT_FOUND';
  readonly message = 'There is no such notification.';
}

export class NotificationNotResendable extends Refusal {
  readonly code = 'NOTIFICATION_NOT_RESENDABLE';
  readonly message: string;
  constructor(
    readonly status: NotificationStatus,
    why: string,
  ) {
    super();
    this.message = `This notification is ${status} and cannot be sent again: ${why}.`;
  }
}
