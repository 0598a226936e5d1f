// Everything that booking shows in the graph.
import type { SubgraphSchema } from '@caregraph/subgraph';
import { AppointmentChangedSubscription } from './appointment/appointment-changed.subscription.js';
import { AppointmentFields, loadAppointments } from './appointment/appointment.type.js';
import { AppointmentQueries } from './appointment/appointments.query.js';
import { BookAppointmentResolver } from './appointment/book-appointment.js';
import { CancelAppointmentResolver } from './appointment/cancel-appointment.js';
import { ConfirmAppointmentResolver } from './appointment/confirm-appointment.js';
import { DeclineAppointmentResolver } from './appointment/decline-appointment.js';
import { RescheduleAppointmentResolver } from './appointment/reschedule-appointment.js';
import { RetryAppointmentPaymentResolver } from './appointment/retry-payment.js';
import { HistoryField } from './audit/history.field.js';
import type { Deps } from './deps.js';
import { HoldSlotResolver } from './hold/hold-slot.js';
import { SlotHoldFields } from './hold/hold.type.js';
import { ReleaseHoldResolver } from './hold/release-hold.js';
import { loadPatients, PatientResolver } from './patient/patient.type.js';
import { PatientQueries } from './patient/patients.query.js';
import { ErasePatientResolver } from './patient/erase-patient.js';
import { RegisterPatientResolver } from './patient/register-patient.js';
import { UpdatePatientContactResolver } from './patient/update-patient-contact.js';
import { loadProviders, ProviderStatisticsFields, StatisticsField } from './statistics/statistics.field.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [
    AppointmentQueries,
    AppointmentFields,
    AppointmentChangedSubscription,
    HistoryField,
    BookAppointmentResolver,
    CancelAppointmentResolver,
    ConfirmAppointmentResolver,
    DeclineAppointmentResolver,
    RescheduleAppointmentResolver,
    RetryAppointmentPaymentResolver,
    HoldSlotResolver,
    ReleaseHoldResolver,
    SlotHoldFields,
    PatientQueries,
    PatientResolver,
    RegisterPatientResolver,
    UpdatePatientContactResolver,
    ErasePatientResolver,
    StatisticsField,
    ProviderStatisticsFields,
  ],
  entities: { Appointment: loadAppointments, Patient: loadPatients, Provider: loadProviders },
};
