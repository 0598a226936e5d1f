import { randomUUID } from 'node:crypto';
import { exampleOf } from '../testing/examples.js';
import { announceAppointments } from './watch-appointments.js';

const confirmed = (appointmentId: string) => exampleOf('booking.appointment-confirmed.v1', { appointmentId });
const announced = (batch: Parameters<typeof announceAppointments>[0]): string[] =>
  announceAppointments(batch).flatMap(({ text }) => (JSON.parse(text) as [string][]).map(([id]) => id));

describe('what replicas are told of changed appointments', () => {
  it('names each appointment of a batch once, and nothing else', () => {
    const id = randomUUID();
    const batch = [confirmed(id), exampleOf('booking.patient-changed.v1', {}), confirmed(id)];
    expect(announced(batch)).toEqual([id]);
    expect(announceAppointments([])).toEqual([]);
  });

  it('fits a whole batch of the relay into notices that PostgreSQL takes', () => {
    const ids = Array.from({ length: 500 }, () => randomUUID());
    const notices = announceAppointments(ids.map(confirmed));
    expect(announced(ids.map(confirmed))).toEqual(ids);
    expect(Math.max(...notices.map(({ text }) => Buffer.byteLength(text)))).toBeLessThan(8_000);
  });
});
