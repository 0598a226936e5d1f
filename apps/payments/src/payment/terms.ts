// What a payment is for: copied from the appointment when it was booked.
export abstract class PaymentTerms {
  id!: string;
  practiceId!: string;
  appointmentId!: string;
  bookingNumber!: string;
  bookingType!: 'INSTANT' | 'REQUEST';
  providerId!: string;
  patientId!: string;
  appointmentTypeId!: string;
  /** What the payer reads at the processor; kept, since the same order must be sent with the same words. */
  description!: string;
  amountMinor!: number;
  /** ISO 4217. */
  currency!: string;
}
