// Instant or request (BK-057 to BK-059).
import type { BookingSettings, ConnectionChanged } from '@caregraph/contracts';

/** What the calendar says, unless the settings overrule it. A calendar that is stale cannot be believed: request. */
export function expectedMode(
  settings: Pick<BookingSettings, 'mode' | 'modeOverride'>,
  calendar: ConnectionChanged['state'] | undefined,
): BookingSettings['mode'] {
  if (settings.modeOverride) return settings.mode;
  return calendar === 'CONNECTED' ? 'INSTANT' : 'REQUEST';
}
