// Scheduling's and booking's changes to the people and places that messages name.
import {
  locationChanged,
  patientChanged,
  practiceChanged,
  providerChanged,
  type LocationChanged,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { keep } from './keep.js';
import { KnownLocation, KnownPatient, KnownPractice, KnownProvider } from './known.js';

export const onPracticeChanged = consumer(practiceChanged, ({ em }: Deps, { practiceId, version, name }) =>
  keep(em, KnownPractice, { id: practiceId, practiceId, version, name }),
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
  keep(em, KnownProvider, {
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
  keep(em, KnownPatient, {
    id: patient.patientId,
    practiceId: patient.practiceId,
    version: patient.version,
    contact: patient.erased ? null : patient.contact,
    timeZone: patient.timeZone,
    language: patient.language,
  }),
);
