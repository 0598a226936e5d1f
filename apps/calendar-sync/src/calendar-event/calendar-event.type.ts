// A calendar event as clients see it, and the field that it adds to booking's Appointment.
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { calendarEventStates } from '@caregraph/contracts';
import { inOrder, isId, type LoadReferences } from '@caregraph/subgraph';
import { visibleAppointments } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { CalendarEvent } from './calendar-event.js';
import { calendarOperations } from './lifecycle.js';

const CalendarEventStateEnum = Object.fromEntries(calendarEventStates.map((state) => [state, state]));
registerEnumType(CalendarEventStateEnum, {
  name: 'CalendarEventState',
  description:
    'PENDING and FAILED: `operation` is still to be done. SYNCED: the outside calendar says what the appointment says. NOT_APPLICABLE: there is nothing to be done in it.',
});

const CalendarOperationEnum = Object.fromEntries(
  calendarOperations.map((operation) => [operation, operation]),
);
registerEnumType(CalendarOperationEnum, {
  name: 'CalendarOperation',
  description: 'What is still to be done in the outside calendar.',
});

@Directive('@key(fields: "id")')
@ObjectType('CalendarEvent', { description: "An appointment in the provider's outside calendar." })
export class CalendarEventObject {
  @Field(() => ID, { description: "The appointment's id: an appointment has one calendar event." })
  id!: string;

  @Field(() => CalendarEventStateEnum, { description: 'How far the outside calendar is in step.' })
  state!: string;

  @Field(() => CalendarOperationEnum, {
    nullable: true,
    description: 'What is still to be done; null where nothing is.',
  })
  operation!: string | null;

  @Field(() => Date, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('Appointment')
export class AppointmentStub {
  @Field(() => ID)
  id!: string;

  @Field(() => CalendarEventObject, {
    nullable: true,
    description: "The appointment in the provider's outside calendar; null until it was first confirmed.",
  })
  calendarEvent!: object | null;
}

export const loadCalendarEvents: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const visible = await visibleAppointments(em, viewer, ids.filter(isId));
  return inOrder(ids, await em.find(CalendarEvent, { id: { $in: visible } }));
};

export const loadAppointments: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const visible = await visibleAppointments(em, viewer, ids.filter(isId));
  const calendarEvents = inOrder(visible, await em.find(CalendarEvent, { id: { $in: visible } }));
  return inOrder(
    ids,
    visible.map((id, index) => ({ id, calendarEvent: calendarEvents[index] })),
  );
};
