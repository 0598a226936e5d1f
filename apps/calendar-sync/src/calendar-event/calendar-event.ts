// One appointment as it has to stand in the provider's outside calendar: what is done, and what is still to be done.
import type { AppointmentState } from '@caregraph/contracts';
import {
  lifecycle,
  may,
  phases,
  type CalendarEventState,
  type CalendarOperation,
  type Verb,
} from './lifecycle.js';

export class CalendarEvent {
  /** The appointment's id: an appointment has one calendar event. */
  id!: string;
  practiceId!: string;
  providerId!: string;
  state: CalendarEventState = 'NOT_APPLICABLE';
  operation: CalendarOperation | null = null;
  version = 1;
  start!: Date;
  end!: Date;
  createdAt!: Date;
  updatedAt!: Date;

  /** @param connected whether the provider has an outside calendar now; without one there is nothing to be done. */
  static of(appointment: AppointmentState, connected: boolean, now: Date): CalendarEvent {
    const calendarEvent = Object.assign(new CalendarEvent(), {
      id: appointment.appointmentId,
      practiceId: appointment.practiceId,
      providerId: appointment.providerId,
      start: new Date(appointment.start),
      end: new Date(appointment.end),
      createdAt: now,
      updatedAt: now,
    });
    if (connected) calendarEvent.place('require');
    return calendarEvent;
  }

  /** The appointment stands at this time; nothing happens where it did before. */
  standAt(start: Date, end: Date, now: Date): void {
    if (start.getTime() === this.start.getTime() && end.getTime() === this.end.getTime()) return;
    this.start = start;
    this.end = end;
    if (may('update', this)) this.place('update');
    this.touch(now);
  }

  /** The appointment is off. */
  remove(now: Date): void {
    this.move('remove', now);
  }

  /** The outside calendar was given up: what is there stays there, and nobody can do anything about it. */
  abandon(now: Date): void {
    this.move('abandon', now);
  }

  private move(verb: Verb, now: Date): void {
    if (!may(verb, this)) return;
    this.place(verb);
    this.touch(now);
  }

  /** The one place where state and operation are assigned. */
  private place(verb: Verb): void {
    ({ state: this.state, operation: this.operation } = phases[lifecycle[verb].to]);
  }

  private touch(now: Date): void {
    this.version += 1;
    this.updatedAt = now;
  }
}
