// Whether a booking is instant or a request (BK-057 to BK-059, BK-151).
import {
  isKilled,
  isOn,
  type BookingSettings,
  type connectionStates,
  type FlagsSet,
  type modeReasons,
} from '@caregraph/contracts';
import { BookingsDisabled, RequestModeDisabled } from './appointment.refusals.js';

export type BookingMode = 'INSTANT' | 'REQUEST';
export type ModeReason = (typeof modeReasons)[number];
export type CalendarState = (typeof connectionStates)[number];

/** A manual choice wins; else a connected calendar makes it instant. A calendar that cannot be believed never does. */
export function modeFor(
  settings: Pick<BookingSettings, 'mode' | 'modeOverride'>,
  calendar: CalendarState,
): { mode: BookingMode; modeReason: ModeReason } {
  if (settings.modeOverride) return { mode: settings.mode, modeReason: 'PROVIDER_SETTING' };
  if (calendar === 'CONNECTED') return { mode: 'INSTANT', modeReason: 'CALENDAR_CONNECTED' };
  return { mode: 'REQUEST', modeReason: calendar === 'NOT_CONNECTED' ? 'NO_CALENDAR' : 'CALENDAR_STALE' };
}

/** What was offered as a request stays one: booking may downgrade, never upgrade. */
export const noBetterThan = (
  offered: BookingMode,
  found: { mode: BookingMode; modeReason: ModeReason },
): typeof found =>
  offered === 'REQUEST' && found.mode === 'INSTANT' ? { mode: 'REQUEST', modeReason: 'NO_CALENDAR' } : found;

/**
 * What the flags make of a booking with this provider: none is taken, or an instant one becomes a request, which may be
 * what is not taken.
 */
export function admittedMode(
  flags: FlagsSet,
  providerId: string,
  mode: BookingMode,
): BookingMode | BookingsDisabled | RequestModeDisabled {
  if (isKilled(flags, 'booking.disable_all_bookings')) return new BookingsDisabled();
  if (mode === 'INSTANT' && isOn(flags, 'booking.instant_mode_enabled', providerId)) return 'INSTANT';
  return isOn(flags, 'booking.request_mode_enabled', providerId) ? 'REQUEST' : new RequestModeDisabled();
}
