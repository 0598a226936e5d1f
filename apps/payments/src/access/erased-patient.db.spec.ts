import { randomUUID } from 'node:crypto';
import {
  appointmentUpdated,
  exampleAppointmentState,
  patientErased,
  type AppointmentState,
} from '@caregraph/contracts';
import { ProcessorCustomer } from '../processor/customer.js';
import { SpecApp } from '../spec-app.js';
import { AppointmentAccess } from './appointment-access.js';

describe('a patient who was erased (GW-035)', () => {
  const app = new SpecApp();
  const appointment: AppointmentState = { ...exampleAppointmentState, appointmentId: randomUUID() };
  const { appointmentId, patientId, practiceId } = appointment;
  beforeAll(async () => {
    await app.open();
    const em = app.em;
    em.create(
      ProcessorCustomer,
      { patientId, practiceId, reference: 'cus_1', createdAt: new Date() },
      { persist: true },
    );
    await em.flush();
    await app.hear(appointmentUpdated.of(appointment));
    const erasedAt = new Date().toISOString();
    await app.hear(patientErased.of({ patientId, practiceId, version: 2, erasedAt }));
  });
  afterAll(() => app.close());

  const access = (): Promise<AppointmentAccess> => app.em.findOneOrFail(AppointmentAccess, { appointmentId });

  it('has no logins any more, and no name at the processor', async () => {
    expect(await access()).toMatchObject({ accounts: [], providerAccount: appointment.providerAccount });
    expect(await app.em.count(ProcessorCustomer, { patientId })).toBe(0);
  });

  it('is not brought back by events of before', async () => {
    await app.hear(appointmentUpdated.of({ ...appointment, version: appointment.version + 1 }));
    expect(await access()).toMatchObject({ accounts: [], version: appointment.version + 1 });
  });
});
