// I2: a hold ends once: converted into one appointment, released or expired.
import { groupedBy } from '../evidence.js';
import type { Invariant } from './invariant.js';

export const holdsEnd: Invariant = {
  id: 'I2',
  rule: 'a hold ends: converted, released or expired',
  violations: ({ holds, appointments, claims, now }) => {
    const known = new Set(appointments.map(({ id }) => id));
    const over = new Set(holds.filter(({ status }) => status !== 'ACTIVE').map(({ id }) => id));
    const converted = holds.filter(({ appointmentId }) => appointmentId !== null);
    return [
      ...holds
        .filter(({ status, expiresAt }) => status === 'ACTIVE' && expiresAt <= now)
        .map(({ id, expiresAt }) => `hold ${id} is ACTIVE after its end at ${expiresAt.toISOString()}`),
      ...holds
        .filter(({ status, endedAt }) => (status === 'ACTIVE') !== (endedAt === null))
        .map(({ id, status }) => `hold ${id} is ${status}, and its end says something else`),
      ...holds
        .filter(({ status, appointmentId }) => (status === 'CONVERTED') !== known.has(appointmentId ?? ''))
        .map(
          ({ id, status, appointmentId }) =>
            `hold ${id} is ${status}, its appointment ${String(appointmentId)}`,
        ),
      ...[...groupedBy(converted, ({ appointmentId }) => appointmentId ?? '')]
        .filter(([, list]) => list.length > 1)
        .map(([id, list]) => `appointment ${id} came from ${list.length} holds`),
      ...claims
        .filter(({ ownerId }) => over.has(ownerId))
        .map(({ ownerId }) => `hold ${ownerId} is over and still has a claim`),
    ];
  },
};
