// Who does something to an appointment, as events and the audit trail name him.
import type { AppointmentState } from '@caregraph/contracts';

export type Actor = AppointmentState['actor'];

/** Jobs and consumers. */
export const system: Actor = { type: 'system', sub: null };
