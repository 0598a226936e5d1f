// What calendar-sync can say again for those who keep copies.
import { restating, type Republishable } from '@caregraph/messaging';
import { CalendarConnection } from './calendar-connection/calendar-connection.js';

export const republishable: Republishable = {
  connection: restating(CalendarConnection, (connections) =>
    connections.map((connection) => connection.changed()),
  ),
};
