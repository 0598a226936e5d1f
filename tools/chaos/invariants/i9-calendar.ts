// I9: the outside calendar has an event if and only if the appointment is confirmed and the calendar connected.
import type { Evidence } from '../evidence.js';
import type { Invariant } from './invariant.js';

export const calendar: Invariant = {
  id: 'I9',
  rule: 'a calendar event exists if and only if the appointment is confirmed and the calendar connected',
  violations: ({ appointments, calendarEvents, connected }: Evidence) => {
    const kept = new Map(calendarEvents.map((one) => [one.appointmentId, one]));
    const known = new Set(appointments.map(({ id }) => id));
    return [
      ...appointments.flatMap(({ id, status, providerId }) => {
        const state = kept.get(id)?.state ?? 'none';
        const wanted = status === 'CONFIRMED' && connected.includes(providerId) ? 'SYNCED' : 'NOT_APPLICABLE';
        if (status === 'CONFIRMED' && state === 'none')
          return [`${id} is CONFIRMED, and its calendar knows nothing`];
        return state === 'none' || state === wanted
          ? []
          : [`${id} is ${status}: its calendar event is ${state}, not ${wanted}`];
      }),
      ...calendarEvents
        .filter(({ appointmentId }) => !known.has(appointmentId))
        .map(({ appointmentId }) => `there is a calendar event of ${appointmentId}, which is no appointment`),
    ];
  },
};
