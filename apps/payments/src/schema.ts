// The subgraph's schema: all that clients may ask of payments.
import type { SubgraphSchema } from '@caregraph/subgraph';
import type { Deps } from './deps.js';
import { AppointmentFields, AppointmentStub, loadAppointments } from './payment/appointment.type.js';
import { loadPayments, PaymentFields } from './payment/payment.type.js';
import { PaymentQueries } from './payment/payments.query.js';
import { RefundPaymentResolver } from './refund/refund-payment.js';
import { RefundFields } from './refund/refund.type.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [PaymentQueries, PaymentFields, AppointmentFields, RefundFields, RefundPaymentResolver],
  entities: { Payment: loadPayments, Appointment: loadAppointments },
  orphanedTypes: [AppointmentStub],
};
