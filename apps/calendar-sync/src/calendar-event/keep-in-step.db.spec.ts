import {
  appointmentAwaitingProvider,
  appointmentCancelled,
  appointmentConfirmed,
  appointmentDeclined,
  appointmentExpired,
  appointmentPaymentFailed,
  appointmentPaymentRequested,
  appointmentRequested,
  appointmentRescheduled,
  appointmentUpdated,
  type AppointmentState,
} from '@caregraph/contracts';
import { AppointmentAccess } from '../access/appointment-access.js';
import { CalendarBed, type Story } from '../spec-bed.js';
import { CalendarEvent } from './calendar-event.js';

describe("an appointment's calendar event", () => {
  let bed: CalendarBed;
  beforeAll(async () => {
    bed = await CalendarBed.open();
  });
  afterAll(() => bed.close());

  const kept = ({ appointmentId: id }: AppointmentState): Promise<CalendarEvent | null> =>
    bed.em().findOne(CalendarEvent, { id });
  const put = (appointment: AppointmentState, state: string, operation: string | null): Promise<unknown> =>
    bed
      .em()
      .execute('update calendar_event set state = ?, operation = ? where id = ?', [
        state,
        operation,
        appointment.appointmentId,
      ]);
  const confirmed = async (connected: boolean): Promise<Story> => {
    const story = await bed.story();
    if (connected) await bed.connect(story.provider.providerId);
    await bed.hear(appointmentConfirmed, story.appointment);
    return story;
  };
  /** The ways in which an appointment goes off, as their events tell it. */
  const ends: Record<string, (of: AppointmentState) => Promise<void>> = {
    cancelled: (of) =>
      bed.hear(appointmentCancelled, {
        ...of,
        status: 'CANCELLED_PATIENT',
        cause: 'PATIENT',
        refundBasisPoints: 0,
      }),
    declined: (of) =>
      bed.hear(appointmentDeclined, { ...of, status: 'CANCELLED_PROVIDER', refundBasisPoints: 10_000 }),
    expired: (of) =>
      bed.hear(appointmentExpired, {
        ...of,
        status: 'EXPIRED',
        cause: 'PROVIDER_DID_NOT_ANSWER',
        refundBasisPoints: 10_000,
      }),
    unpaid: (of) => bed.hear(appointmentPaymentFailed, { ...of, status: 'PAYMENT_FAILED' }),
  };

  it('is not applicable where the provider has no calendar connected (Y-12)', async () => {
    const { appointment } = await confirmed(false);
    expect(await kept(appointment)).toMatchObject({
      state: 'NOT_APPLICABLE',
      operation: null,
      practiceId: appointment.practiceId,
      providerId: appointment.providerId,
      start: new Date(appointment.start),
      end: new Date(appointment.end),
    });
  });

  it('is not applicable where nothing was heard of the provider yet', async () => {
    const { appointment } = await bed.story();
    await bed.em().execute('delete from calendar_connection where id = ?', [appointment.providerId]);
    await bed.hear(appointmentConfirmed, appointment);
    expect(await kept(appointment)).toMatchObject({ state: 'NOT_APPLICABLE', operation: null });
  });

  it.each(['CONNECTED', 'STALE', 'RECONNECT_NEEDED'] as const)(
    'is to be created where the connection is %s (Y-12)',
    async (state) => {
      const { provider, appointment } = await bed.story();
      await bed.connect(provider.providerId, state);
      await bed.hear(appointmentConfirmed, appointment);
      expect(await kept(appointment)).toMatchObject({ state: 'PENDING', operation: 'CREATE' });
      expect(await bed.published(appointment.appointmentId)).toEqual([]);
    },
  );

  it('does not exist before the appointment is confirmed', async () => {
    const { appointment } = await bed.story();
    const payment = { paymentMethodId: 'pm_card_visa', paymentDeadlineAt: appointment.start };
    const asked = { ...appointment, status: 'PENDING_PAYMENT' as const };
    await bed.hear(appointmentRequested, { ...asked, version: 1, ...payment });
    await bed.hear(appointmentPaymentRequested, { ...asked, version: 2, ...payment, attempt: 2 });
    await bed.hear(appointmentAwaitingProvider, { ...asked, version: 3, status: 'PENDING_CONFIRMATION' });
    expect(await kept(appointment)).toBeNull();
  });

  it('comes late rather than never, where the event of the confirmation was skipped', async () => {
    const { appointment } = await bed.story();
    await bed.hear(appointmentUpdated, { ...appointment, version: 9 });
    expect(await kept(appointment)).toMatchObject({ state: 'NOT_APPLICABLE' });
  });

  it('is updated when the appointment is moved', async () => {
    const { appointment } = await confirmed(true);
    await put(appointment, 'SYNCED', null);
    await bed.hear(appointmentRescheduled, {
      ...appointment,
      version: 4,
      start: '2026-12-02T15:00:00.000Z',
      end: '2026-12-02T15:45:00.000Z',
      previousStart: appointment.start,
      previousEnd: appointment.end,
    });
    expect(await kept(appointment)).toMatchObject({
      state: 'PENDING',
      operation: 'UPDATE',
      start: new Date('2026-12-02T15:00:00.000Z'),
    });
  });

  it.each(Object.keys(ends))('is to be deleted when the appointment is %s', async (end) => {
    const { appointment } = await confirmed(true);
    await put(appointment, 'SYNCED', null);
    await ends[end]?.({ ...appointment, version: 4 });
    expect(await kept(appointment)).toMatchObject({ state: 'PENDING', operation: 'DELETE' });
  });

  it.each(Object.keys(ends))('stays not applicable when the appointment is %s', async (end) => {
    const { appointment } = await confirmed(false);
    await ends[end]?.({ ...appointment, version: 4 });
    expect(await kept(appointment)).toMatchObject({ state: 'NOT_APPLICABLE', operation: null, version: 1 });
  });

  it('is not made for an appointment that ends unconfirmed', async () => {
    const { provider, appointment } = await bed.story();
    await bed.connect(provider.providerId);
    await ends.expired?.(appointment);
    expect(await kept(appointment)).toBeNull();
  });

  it('does not change when its events come twice, or come late', async () => {
    const { appointment } = await confirmed(true);
    await bed.hear(appointmentConfirmed, appointment);
    expect(await kept(appointment)).toMatchObject({ state: 'PENDING', operation: 'CREATE', version: 1 });
    await ends.cancelled?.({ ...appointment, version: 5 });
    await bed.hear(appointmentUpdated, { ...appointment, version: 4, start: '2026-11-30T15:00:00.000Z' });
    await bed.hear(appointmentConfirmed, appointment);
    await ends.cancelled?.({ ...appointment, version: 5 });
    expect(await kept(appointment)).toMatchObject({
      state: 'PENDING',
      operation: 'DELETE',
      version: 2,
      start: new Date(appointment.start),
    });
  });

  it('remembers who may see the appointment, as the newest event tells it', async () => {
    const { appointment } = await confirmed(false);
    await bed.hear(appointmentUpdated, { ...appointment, version: 8, accounts: ['mother', 'father'] });
    await bed.hear(appointmentUpdated, { ...appointment, version: 7, accounts: ['nobody'] });
    const { appointmentId, patientId, providerId, providerAccount, practiceId } = appointment;
    expect(await bed.em().findOne(AppointmentAccess, { appointmentId })).toMatchObject({
      version: 8,
      accounts: ['mother', 'father'],
      patientId,
      providerId,
      providerAccount,
      practiceId,
    });
  });
});
