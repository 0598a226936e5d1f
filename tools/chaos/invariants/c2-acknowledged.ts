// C2: what a client was told is true in the end: the appointment is there, in a state that can follow what he was told.
import { triesOf, watchedOf } from '../history.js';
import { isReachable } from './reachable.js';
import type { Invariant } from './invariant.js';

const ofAppointments = new Set([
  'bookAppointment',
  'confirmAppointment',
  'declineAppointment',
  'cancelAppointment',
  'rescheduleAppointment',
]);

export const acknowledged: Invariant = {
  id: 'C2',
  rule: 'every acknowledged appointment exists, in a state that can follow the acknowledged one',
  violations: ({ appointments }, history) => {
    const final = new Map(appointments.map(({ id, status }) => [id, status]));
    const told = [
      ...triesOf(history)
        .filter(({ outcome, act }) => outcome === 'accepted' && ofAppointments.has(act))
        .map(({ id = '', status = '', act }) => ({ id, status, how: act })),
      ...watchedOf(history).map(({ appointmentId: id, status }) => ({ id, status, how: 'a subscription' })),
    ];
    const found = told.flatMap(({ id, status, how }) => {
      const now = final.get(id);
      if (now === undefined) return [`${id} was acknowledged by ${how} as ${status}, and is not there`];
      return isReachable(status, now) ? [] : [`${id} was ${status} by ${how}, and is ${now}`];
    });
    return [...new Set(found)];
  },
};
