// Who does something to an appointment, as events and the audit trail name him.
import type { AppointmentState, CancellationCause } from '@caregraph/contracts';
import type { Verb } from './lifecycle.js';

export type Actor = AppointmentState['actor'];

/** Jobs and consumers. */
export const system: Actor = { type: 'system', sub: null };

/** The status says who called it off (BK-043). */
export function cancellationBy(actor: Actor): readonly [Verb, CancellationCause] {
  if (actor.type === 'patient') return ['cancelByPatient', 'PATIENT'];
  return actor.type === 'provider' ? ['cancelByProvider', 'PROVIDER'] : ['cancelByAdmin', 'ADMIN'];
}
