// Everything that scheduling shows in the graph.
import type { SubgraphSchema } from '@caregraph/subgraph';
import {
  AppointmentTypeFields,
  ProviderAppointmentTypes,
} from './appointment-type/appointment-type.fields.js';
import { loadAppointmentTypes } from './appointment-type/appointment-type.type.js';
import { AppointmentTypeQueries } from './appointment-type/appointment-types.query.js';
import { CreateAppointmentTypeResolver } from './appointment-type/create-appointment-type.js';
import { UpdateAppointmentTypeResolver } from './appointment-type/update-appointment-type.js';
import { AvailabilityQueries } from './availability/availability.query.js';
import { SlotFields } from './availability/availability.type.js';
import type { Deps } from './deps.js';
import { CreateLocationResolver } from './location/create-location.js';
import { loadLocations } from './location/location.type.js';
import { LocationQueries, PracticeLocations } from './location/locations.query.js';
import { CreatePracticeResolver } from './practice/create-practice.js';
import { loadPractices, PracticeFields } from './practice/practice.type.js';
import { PracticeQueries } from './practice/practices.query.js';
import { UpdateBookingSettingsResolver } from './practice/update-booking-settings.js';
import { UpdatePracticeContactResolver } from './practice/update-practice-contact.js';
import { CreateProviderResolver } from './provider/create-provider.js';
import { OverrideBookingSettingsResolver } from './provider/override-booking-settings.js';
import { loadProviders, ProviderFields } from './provider/provider.type.js';
import { ProviderQueries } from './provider/providers.query.js';
import { UpdateProviderResolver } from './provider/update-provider.js';
import { CreateResourceResolver } from './resource/create-resource.js';
import { ResourceFields } from './resource/resource.type.js';
import { OverrideDayResolver } from './schedule/override-day.js';
import { ProviderSchedule } from './schedule/schedule.type.js';
import { SetWeeklyHoursResolver } from './schedule/set-weekly-hours.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [
    PracticeQueries,
    PracticeLocations,
    CreatePracticeResolver,
    UpdateBookingSettingsResolver,
    UpdatePracticeContactResolver,
    PracticeFields,
    LocationQueries,
    CreateLocationResolver,
    ResourceFields,
    CreateResourceResolver,
    ProviderQueries,
    ProviderFields,
    ProviderAppointmentTypes,
    ProviderSchedule,
    CreateProviderResolver,
    UpdateProviderResolver,
    OverrideBookingSettingsResolver,
    SetWeeklyHoursResolver,
    OverrideDayResolver,
    AppointmentTypeQueries,
    AppointmentTypeFields,
    CreateAppointmentTypeResolver,
    UpdateAppointmentTypeResolver,
    AvailabilityQueries,
    SlotFields,
  ],
  entities: {
    Practice: loadPractices,
    Location: loadLocations,
    Provider: loadProviders,
    AppointmentType: loadAppointmentTypes,
  },
};
