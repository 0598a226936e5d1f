// Whether times may be taken at all: the kill switch of every new hold and booking.
import type { EntityManager } from '@mikro-orm/postgresql';
import { isKilled } from '@caregraph/contracts';
import { flagsSet } from '@caregraph/messaging';
import { BookingsDisabled } from './appointment.refusals.js';

/** Asked wherever an appointment that is there already takes another time. */
export const bookingsStopped = async (em: EntityManager): Promise<BookingsDisabled | undefined> =>
  isKilled(await flagsSet(em), 'booking.disable_all_bookings') ? new BookingsDisabled() : undefined;
