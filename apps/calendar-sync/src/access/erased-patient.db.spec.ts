import {
  appointmentConfirmed,
  appointmentUpdated,
  patientErased,
  type AppointmentState,
} from '@caregraph/contracts';
import { CalendarBed } from '../spec-bed.js';
import { AppointmentAccess } from './appointment-access.js';

describe('a patient who was erased (GW-035)', () => {
  let bed: CalendarBed;
  let appointment: AppointmentState;
  beforeAll(async () => {
    bed = await CalendarBed.open();
  });
  beforeEach(async () => {
    ({ appointment } = await bed.story());
    await bed.hear(appointmentConfirmed, appointment);
    const { patientId, practiceId } = appointment;
    await bed.hear(patientErased, { patientId, practiceId, version: 2, erasedAt: bed.now.toISOString() });
  });
  afterAll(() => bed.close());

  const access = (): Promise<AppointmentAccess> =>
    bed.em().findOneOrFail(AppointmentAccess, { appointmentId: appointment.appointmentId });

  it('has no logins any more; the calendar event stays', async () => {
    expect(await access()).toMatchObject({ accounts: [], providerAccount: appointment.providerAccount });
    const { practiceId, appointmentId } = appointment;
    const desk = bed.as('desk', { practiceId, role: 'staff' });
    expect(
      await bed.fieldOf(desk, 'Appointment', appointmentId, '{ calendarEvent { state } }'),
    ).not.toBeNull();
  });

  it('is not brought back by an event of before, replayed into a new copy or a newer version', async () => {
    await bed.hear(appointmentUpdated, { ...appointment, version: appointment.version + 1 });
    expect(await access()).toMatchObject({ accounts: [] });
    await bed.em().nativeDelete(AppointmentAccess, { appointmentId: appointment.appointmentId });
    await bed.hear(appointmentConfirmed, appointment);
    expect(await access()).toMatchObject({ accounts: [] });
  });
});
