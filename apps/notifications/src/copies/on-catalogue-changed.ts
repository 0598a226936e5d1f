// Scheduling's and booking's changes to the people and places that messages name.
import {
  locationChanged,
  patientChanged,
  patientErased,
  practiceChanged,
  providerChanged,
  type LocationChanged,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { keep, keepSealed } from './keep.js';
import { Notification } from '../notification/notification.js';
import { AppointmentAccess, KnownLocation, KnownPatient, KnownPractice, KnownProvider } from './known.js';

export const onPracticeChanged = consumer(practiceChanged, ({ em }: Deps, practice) =>
  keepSealed(em, KnownPractice, {
    id: practice.practiceId,
    practiceId: practice.practiceId,
    version: practice.version,
    name: practice.name,
    timeZone: practice.timeZone,
    email: practice.email ?? null,
  }),
);

export const onLocationChanged = consumer(locationChanged, ({ em }: Deps, location: LocationChanged) =>
  keep(em, KnownLocation, {
    id: location.locationId,
    practiceId: location.practiceId,
    version: location.version,
    name: location.name,
    address: location.address,
    instructions: location.instructions,
  }),
);

export const onProviderChanged = consumer(providerChanged, ({ em }: Deps, provider) =>
  keepSealed(em, KnownProvider, {
    id: provider.providerId,
    practiceId: provider.practiceId,
    version: provider.version,
    name: provider.name,
    email: provider.email,
    timeZone: provider.timeZone,
  }),
);

/** An erased patient keeps his row, so that an older event cannot bring him back. */
export const onPatientChanged = consumer(patientChanged, ({ em }: Deps, patient) =>
  keepSealed(em, KnownPatient, {
    id: patient.patientId,
    practiceId: patient.practiceId,
    version: patient.version,
    contact: patient.erased ? null : patient.contact,
    timeZone: patient.timeZone,
    language: patient.language,
  }),
);

/** His row stays, empty, and with it the version above all older events; who he was is wiped from what was sent to him. */
export const onPatientErased = consumer(
  patientErased,
  async ({ em }: Deps, { patientId, practiceId, version }) => {
    const erased = { id: patientId, practiceId, version, contact: null, timeZone: 'UTC', language: 'en-US' };
    await keep(em, KnownPatient, erased);
    const visits = await em.find(AppointmentAccess, { patientId });
    for (const visit of visits) visit.accounts = [];
    await em.nativeUpdate(
      Notification,
      { appointmentId: { $in: visits.map(({ id }) => id) }, recipient: 'PATIENT' },
      { addressHash: null, vendorMessageId: null },
    );
  },
);
