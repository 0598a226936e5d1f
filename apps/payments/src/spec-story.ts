// What happens to an appointment, and what the processor says of it, as the specs of payments tell it.
import {
  appointmentCancelled,
  appointmentConfirmed,
  appointmentPaymentRequested,
  appointmentRequested,
  type AppointmentState,
  type PaymentState,
} from '@caregraph/contracts';
import { newAppointment, until, type SpecApp } from './spec-app.js';

export interface Intent {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export class Story {
  constructor(private readonly app: SpecApp) {}

  request(appointment: AppointmentState, paymentMethodId: string | null = 'pm_card_visa'): Promise<void> {
    return this.app.hear(
      appointmentRequested.of({ ...appointment, paymentMethodId, paymentDeadlineAt: null }),
    );
  }

  tryCard(appointment: AppointmentState, paymentMethodId: string, attempt: number): Promise<void> {
    const paymentDeadlineAt = appointment.start;
    return this.app.hear(
      appointmentPaymentRequested.of({ ...appointment, paymentMethodId, attempt, paymentDeadlineAt }),
    );
  }

  confirm(appointment: AppointmentState): Promise<void> {
    return this.app.hear(appointmentConfirmed.of({ ...appointment, version: 2, status: 'CONFIRMED' }));
  }

  cancel(appointment: AppointmentState, refundBasisPoints: number): Promise<void> {
    return this.app.hear(
      appointmentCancelled.of({ ...appointment, version: 3, cause: 'PATIENT', refundBasisPoints }),
    );
  }

  becomes(appointment: AppointmentState, status: PaymentState['status']): Promise<void> {
    return until(
      `the payment to be ${status}`,
      async () => (await this.app.payment(appointment)).status === status,
    );
  }

  /** What was published of the payment, by the events' short names. */
  async told(appointment: AppointmentState): Promise<string[]> {
    return (await this.app.published(appointment)).map(({ type }) => type);
  }

  async held(overrides: Partial<AppointmentState> = {}, card = 'pm_card_visa'): Promise<AppointmentState> {
    const appointment = newAppointment(overrides);
    await this.request(appointment, card);
    await this.becomes(appointment, 'HELD');
    return appointment;
  }

  async captured(
    overrides: Partial<AppointmentState> = {},
    card = 'pm_card_visa',
  ): Promise<AppointmentState> {
    const appointment = await this.held(overrides, card);
    await this.confirm(appointment);
    await this.becomes(appointment, 'CAPTURED');
    return appointment;
  }

  /** The processor's own PaymentIntents of the appointment, the oldest first. */
  async intents({ appointmentId }: AppointmentState): Promise<Intent[]> {
    const query = new URLSearchParams({ query: `metadata['bookingId']:'${appointmentId}'`, limit: '100' });
    const { data } = await this.processor<{ data: Intent[] }>(
      `/v1/payment_intents/search?${query.toString()}`,
    );
    return data.reverse();
  }

  /** The processor's own refunds of the appointment. */
  async refunds(appointment: AppointmentState): Promise<{ id: string; amount: number; status: string }[]> {
    const [intent] = await this.intents(appointment);
    return (await this.processor<{ data: [] }>(`/v1/refunds?payment_intent=${intent?.id ?? ''}`)).data;
  }

  /** Somebody else with access to the account, or a look at it. */
  async processor<Answer = unknown>(path: string, method = 'GET'): Promise<Answer> {
    const response = await fetch(new URL(path, this.app.sandboxUrl), {
      method,
      headers: { authorization: 'Bearer sk_test_spec' },
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
