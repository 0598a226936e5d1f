import { randomUUID } from 'node:crypto';
import { appointmentConfirmed, appointmentRequested, type AppointmentState } from '@caregraph/contracts';
import type { Deps } from '../deps.js';
import { CalendarBed } from '../spec-bed.js';

describe('who sees the calendar event of an appointment', () => {
  let bed: CalendarBed;
  let appointment: AppointmentState;
  beforeAll(async () => {
    bed = await CalendarBed.open();
    ({ appointment } = await bed.story());
    await bed.hear(appointmentConfirmed, appointment);
  });
  afterAll(() => bed.close());

  const seenBy = (deps: Deps, id = appointment.appointmentId): Promise<unknown> =>
    bed.fieldOf(deps, 'Appointment', id, '{ id calendarEvent { id state operation updatedAt } }');

  it("is its patient, its provider, the practice's desk and support", async () => {
    const { practiceId } = appointment;
    const people = [
      bed.as(appointment.accounts[0] ?? null),
      bed.as(appointment.providerAccount),
      bed.as('desk', { practiceId, role: 'staff' }),
      bed.as('head', { practiceId, role: 'admin' }),
      bed.as('support', { practiceId: null, role: 'support' }),
    ];
    for (const deps of people) {
      expect(await seenBy(deps)).toEqual({
        id: appointment.appointmentId,
        calendarEvent: {
          id: appointment.appointmentId,
          state: 'NOT_APPLICABLE',
          operation: null,
          updatedAt: bed.now,
        },
      });
    }
  });

  it('is nobody else: the appointment and the calendar event read as absent', async () => {
    const { practiceId } = appointment;
    const others = [
      bed.as(null),
      bed.as('another-patient'),
      bed.as('colleague', { practiceId, role: 'provider' }),
      bed.as('desk', { practiceId: randomUUID(), role: 'staff' }),
    ];
    for (const deps of others) {
      expect(await seenBy(deps)).toBeNull();
      expect(await bed.fieldOf(deps, 'CalendarEvent', appointment.appointmentId, '{ state }')).toBeNull();
    }
  });

  it('is answered null for what was never heard of, and for what is no id', async () => {
    const support = bed.as('support', { practiceId: null, role: 'support' });
    expect(await seenBy(support, randomUUID())).toBeNull();
    expect(await seenBy(support, 'no-id')).toBeNull();
  });

  it('is told of no calendar event while the appointment is not confirmed', async () => {
    const { appointment: asked } = await bed.story();
    await bed.hear(appointmentRequested, {
      ...asked,
      status: 'PENDING_PAYMENT',
      paymentMethodId: null,
      paymentDeadlineAt: null,
    });
    expect(await seenBy(bed.as(asked.providerAccount), asked.appointmentId)).toEqual({
      id: asked.appointmentId,
      calendarEvent: null,
    });
  });

  it('finds a calendar event by its own id too', async () => {
    const provider = bed.as(appointment.providerAccount);
    const { appointmentId } = appointment;
    expect(await bed.fieldOf(provider, 'CalendarEvent', appointmentId, '{ state }')).toEqual({
      state: 'NOT_APPLICABLE',
    });
  });
});
