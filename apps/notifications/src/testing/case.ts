// One patient, one provider and one appointment, told of by example events; each spec has its own.
import { randomUUID } from 'node:crypto';
import type { AppointmentState } from '@caregraph/contracts';
import type { NotificationsBed } from './notifications-bed.js';

export interface CaseOptions {
  readonly startsInHours?: number;
  readonly mode?: 'INSTANT' | 'REQUEST';
  readonly nothingDue?: boolean;
  /** Before the `@` of the patient's address; the sandbox reads from it what becomes of the mail. */
  readonly patientLocalPart?: string;
  readonly providerHasNoAddress?: boolean;
}

export class Case {
  readonly appointmentId = randomUUID();
  readonly practiceId = randomUUID();
  readonly patientId = randomUUID();
  readonly providerId = randomUUID();
  readonly locationId = randomUUID();
  readonly account = `patient-${this.patientId}`;
  readonly providerAccount = `provider-${this.providerId}`;
  readonly patientAddress: string;
  readonly providerAddress = `provider.${this.providerId}@example.test`;
  start: Date;
  private version = 1;

  private constructor(
    private readonly bed: NotificationsBed,
    readonly options: CaseOptions,
  ) {
    this.patientAddress = `${options.patientLocalPart ?? `patient.${this.patientId}`}@example.test`;
    this.start = this.inHours(options.startsInHours ?? 72);
  }

  static async open(bed: NotificationsBed, options: CaseOptions = {}): Promise<Case> {
    const one = new Case(bed, options);
    const { practiceId, locationId, providerId } = one;
    await bed.hear('scheduling.practice-changed.v1', { practiceId });
    await bed.hear('scheduling.location-changed.v1', { locationId, practiceId });
    const email = options.providerHasNoAddress
      ? null
      : bed.seal(one.providerAddress, `provider:${providerId}:email`);
    await bed.hear('scheduling.provider-changed.v1', {
      providerId,
      practiceId,
      email,
      account: one.providerAccount,
    });
    await one.patient();
    return one;
  }

  inHours = (hours: number): Date => new Date(this.bed.now.getTime() + hours * 3_600_000);

  /** Booking's event of the patient. */
  patient(over: object = {}): Promise<void> {
    const { patientId, practiceId } = this;
    const contact = { firstName: 'Pat', lastName: 'Lee', email: this.patientAddress, mobile: '+12075550100' };
    return this.bed.hear('booking.patient-changed.v1', {
      patientId,
      practiceId,
      contact: this.bed.seal(JSON.stringify(contact), `patient:${patientId}:contact`),
      ...over,
    });
  }

  /** Booking's event of that word, of the next version unless another is named. */
  async booking(word: string, status: AppointmentState['status'], over: object = {}): Promise<void> {
    this.version += 1;
    await this.bed.hear(`booking.appointment-${word}.v1`, {
      ...{ appointmentId: this.appointmentId, practiceId: this.practiceId, patientId: this.patientId },
      ...{ providerId: this.providerId, locationId: this.locationId },
      ...{ accounts: [this.account], providerAccount: this.providerAccount },
      mode: this.options.mode ?? 'REQUEST',
      status,
      version: this.version,
      start: this.start.toISOString(),
      end: new Date(this.start.getTime() + 2_700_000).toISOString(),
      ...(this.options.nothingDue && { paymentMode: 'AT_VISIT' }),
      ...over,
    });
  }

  payment(word: string, over: object = {}): Promise<void> {
    const { appointmentId, practiceId } = this;
    return this.bed.hear(`payments.payment-${word}.v1`, { appointmentId, practiceId, ...over });
  }

  confirmed = (over: object = {}): Promise<void> => this.booking('confirmed', 'CONFIRMED', over);
}
