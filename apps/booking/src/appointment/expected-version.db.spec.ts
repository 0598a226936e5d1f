import type { Deps } from '../deps.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf, people } from '../testing/examples.js';
import { Appointment } from './appointment.js';
import { AppointmentOutdated } from './appointment.refusals.js';
import { cancelAppointment } from './cancel-appointment.js';
import { confirmAppointment } from './confirm-appointment.js';
import { declineAppointment } from './decline-appointment.js';
import type { ExpectedVersionInput } from './expected-version.js';
import { rescheduleAppointment } from './reschedule-appointment.js';
import { retryAppointmentPayment } from './retry-payment.js';

type Input = ExpectedVersionInput & { readonly appointmentId: string };

describe('a change of what a client shows', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const stored = ({ id }: Appointment): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);
  /** A request that its provider is asked about. */
  const asked = async (): Promise<Appointment> => {
    const booked = await bed.booked();
    const payment = { appointmentId: booked.id, heldUntil: bed.at(168).toISOString() };
    await bed.deliver(exampleOf('payments.payment-held.v1', payment));
    return stored(booked);
  };
  const failed = async (): Promise<Appointment> => {
    const booked = await bed.booked();
    await bed.deliver(exampleOf('payments.payment-failed.v1', { appointmentId: booked.id }));
    return stored(booked);
  };

  const changes: [
    string,
    () => Promise<Appointment>,
    () => Deps,
    (deps: Deps, input: Input) => Promise<object>,
  ][] = [
    ['cancel', asked, () => bed.as(people.pat), cancelAppointment],
    ['confirm', asked, () => bed.asProvider(), confirmAppointment],
    ['decline', asked, () => bed.asProvider(), declineAppointment],
    [
      'reschedule',
      () => bed.confirmed(),
      () => bed.as(people.pat),
      (deps, input) => rescheduleAppointment(deps, { ...input, offer: bed.signed({ start: bed.at(96) }) }),
    ],
    [
      'retry the payment of',
      failed,
      () => bed.as(people.pat),
      (deps, input) => retryAppointmentPayment(deps, { ...input, paymentMethodId: 'pm_card_visa' }),
    ],
  ];

  it.each(changes)(
    'is refused when it is older than what there is, told what that is, and done when it is not: %s (GW-006)',
    async (_verb, make, by, change) => {
      const appointment = await make();
      const { id: appointmentId, version } = appointment;
      const events = (await bed.published()).length;
      for (const expectedVersion of [version - 1, version + 1]) {
        const outcome = await change(by(), { appointmentId, expectedVersion });
        expect(outcome).toBeInstanceOf(AppointmentOutdated);
        expect(outcome).toMatchObject({ appointment: { id: appointmentId, version } });
      }
      expect(await stored(appointment)).toEqual(appointment);
      expect(await bed.published()).toHaveLength(events);
      expect(await change(by(), { appointmentId, expectedVersion: version })).toMatchObject({
        id: appointmentId,
        version: version + 1,
      });
    },
  );

  it('is done whatever the version where none is expected', async () => {
    const { id: appointmentId } = await asked();
    const outcome = await cancelAppointment(bed.as(people.pat), { appointmentId });
    expect(outcome).toMatchObject({ status: 'CANCELLED_PATIENT' });
  });

  it('tells a stranger nothing of what it is', async () => {
    const { id: appointmentId } = await asked();
    const outcome = await cancelAppointment(bed.as(people.sam), { appointmentId, expectedVersion: 1 });
    expect(outcome).toMatchObject({ code: 'APPOINTMENT_NOT_FOUND' });
  });
});
