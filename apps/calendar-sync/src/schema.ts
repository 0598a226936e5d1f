// Everything that calendar-sync shows in the graph.
import type { SubgraphSchema } from '@caregraph/subgraph';
import {
  loadConnections,
  loadProviders,
  ProviderStub,
} from './calendar-connection/calendar-connection.type.js';
import { CalendarConnectionQueries } from './calendar-connection/calendar-connections.query.js';
import { DisconnectCalendarResolver } from './calendar-connection/disconnect-calendar.js';
import {
  AppointmentStub,
  loadAppointments,
  loadCalendarEvents,
} from './calendar-event/calendar-event.type.js';
import type { Deps } from './deps.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [CalendarConnectionQueries, DisconnectCalendarResolver],
  entities: {
    CalendarConnection: loadConnections,
    CalendarEvent: loadCalendarEvents,
    Provider: loadProviders,
    Appointment: loadAppointments,
  },
  orphanedTypes: [ProviderStub, AppointmentStub],
};
