// Every way in which an appointment says no.
import { Refusal, type AppointmentStatus } from '@caregraph/contracts';
import type { Appointment } from './appointment.js';

export class BookingsDisabled extends Refusal {
  readonly code = 'BOOKINGS_DISABLED';
  readonly message = 'No time can be booked at the moment. What is booked stays; please try again later.';
}

export class RequestModeDisabled extends Refusal {
  readonly code = 'REQUEST_MODE_DISABLED';
  readonly message = 'This provider takes no requests online at the moment; call the practice.';
}

export class AppointmentNotFound extends Refusal {
  readonly code = 'APPOINTMENT_NOT_FOUND';
  readonly message = 'There is no such appointment.';
}

export class AppointmentOutdated extends Refusal {
  readonly code = 'APPOINTMENT_OUTDATED';
  readonly message: string;
  constructor(readonly appointment: Appointment) {
    super();
    this.message = `The appointment has changed: its version is ${appointment.version}.`;
  }
}

export class AppointmentNotCancellable extends Refusal {
  readonly code = 'APPOINTMENT_NOT_CANCELLABLE';
  readonly message: string;
  constructor(readonly status: AppointmentStatus) {
    super();
    this.message = `An appointment that is ${status}, or has begun, cannot be cancelled by you.`;
  }
}

export class CancellationNotAllowed extends Refusal {
  readonly code = 'CANCELLATION_NOT_ALLOWED';
  readonly message = 'This provider does not let patients cancel online; call the practice.';
}

export class AppointmentNotConfirmable extends Refusal {
  readonly code = 'APPOINTMENT_NOT_CONFIRMABLE';
  readonly message: string;
  constructor(readonly status: AppointmentStatus) {
    super();
    this.message = `An appointment that is ${status} cannot be confirmed.`;
  }
}

export class AppointmentNotDeclinable extends Refusal {
  readonly code = 'APPOINTMENT_NOT_DECLINABLE';
  readonly message: string;
  constructor(readonly status: AppointmentStatus) {
    super();
    this.message = `An appointment that is ${status} cannot be declined.`;
  }
}

export class ConfirmationDeadlinePassed extends Refusal {
  readonly code = 'CONFIRMATION_DEADLINE_PASSED';
  readonly message = 'The deadline to answer this request has passed.';
}

export class PaymentHoldLapsed extends Refusal {
  readonly code = 'PAYMENT_HOLD_LAPSED';
  readonly message = 'The money is no longer held for this appointment; the patient must authorise it anew.';
}

export class PaymentNotRetryable extends Refusal {
  readonly code = 'PAYMENT_NOT_RETRYABLE';
  readonly message: string;
  constructor(readonly status: AppointmentStatus) {
    super();
    this.message = `No other card can be tried for an appointment that is ${status}, or whose time to pay has passed.`;
  }
}

export class AppointmentNotReschedulable extends Refusal {
  readonly code = 'APPOINTMENT_NOT_RESCHEDULABLE';
  readonly message: string;
  constructor(readonly status: AppointmentStatus) {
    super();
    this.message = `An appointment that is ${status}, or has begun, cannot be moved.`;
  }
}

export class RescheduleNotAllowed extends Refusal {
  readonly code = 'RESCHEDULE_NOT_ALLOWED';
  readonly message = 'This provider does not let patients move appointments online; call the practice.';
}

export class RescheduleLimitReached extends Refusal {
  readonly code = 'RESCHEDULE_LIMIT_REACHED';
  readonly message = 'Maximum reschedule attempts reached.';
  constructor(readonly maxAttempts: number) {
    super();
  }
}

export class RescheduleNoticePassed extends Refusal {
  readonly code = 'RESCHEDULE_NOTICE_PASSED';
  readonly message: string;
  constructor(readonly noticeHours: number) {
    super();
    this.message = `It can be moved up to ${noticeHours} hours before it begins; call the practice.`;
  }
}
