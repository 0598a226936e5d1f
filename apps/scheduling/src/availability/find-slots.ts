// Finds what may be booked: reads everything that bears on it, a fixed number of queries for any number of providers,
// and leaves the answer to the one rule of free slots (SC-037).
import { formatLocalDate, parseLocalDate, type Intervals } from '@caregraph/time';
import type { AppointmentType } from '../appointment-type/appointment-type.js';
import { byIds, findInOrder } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Location } from '../location/location.js';
import type { Practice } from '../practice/practice.js';
import type { Provider } from '../provider/provider.js';
import { Resource } from '../resource/resource.js';
import { OverriddenDay, WeeklyHours } from '../schedule/schedule.js';
import type { Schedule, WorkingBlock } from '../schedule/working-day.policy.js';
import { busyTimes } from './busy-time.js';
import { expectedMode } from './expected-mode.policy.js';
import { freeSlots, type Slot } from './free-slots.policy.js';
import { KnownCalendar } from './known-calendar.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A busy time this far outside of the window can still be too near: the longest appointment and both its buffers. */
const reach = 12 * hour;

export interface Search {
  readonly type: AppointmentType;
  readonly practice: Practice;
  /** In the order in which equal starts are listed. */
  readonly providers: readonly Provider[];
  readonly from: Date;
  readonly to: Date;
  readonly first: number;
}

export interface FoundSlot extends Slot {
  readonly end: Date;
  readonly provider: Provider;
  readonly location: Location;
  readonly mode: 'INSTANT' | 'REQUEST';
}

export interface FoundSlots {
  readonly slots: readonly FoundSlot[];
  /** The start of the first slot that did not fit in any more; null: these are all. */
  readonly nextFrom: Date | null;
}

/** The slots of all providers, by start. */
export async function findSlots(deps: Deps, search: Search): Promise<FoundSlots> {
  const { type, providers } = search;
  const { schedules, busy, resourceLocationId } = await circumstances(deps, search);
  const found = providers.flatMap((provider) => {
    const schedule = schedules.get(provider.id);
    if (!schedule) return [];
    // A resource does not travel: what needs one happens where it stands.
    const mayBeAt = (locationId: string): boolean =>
      provider.locationIds.includes(locationId) && (resourceLocationId ?? locationId) === locationId;
    const slots = freeSlots({
      schedule: restricted(schedule, ({ locationId }) => mayBeAt(locationId)),
      busy: [provider.id, ...type.resourceIds].map((subject): Intervals => busy.get(subject) ?? []),
      appointmentType: type,
      settings: provider.bookingSettings(search.practice.bookingSettings),
      from: search.from,
      to: search.to,
      now: deps.now,
    });
    return slots.map((slot) => ({ ...slot, provider }));
  });
  // The sort is stable: equal starts stay in the order of the providers.
  found.sort((a, b) => a.start.getTime() - b.start.getTime());
  const { listed, nextFrom } = page(found, search.first);
  return { slots: await shown(deps, search, listed), nextFrom };
}

/** As many as asked for, and the others of the last start: a page that ended amid it could not be gone on behind. */
function page<One extends Slot>(
  found: readonly One[],
  first: number,
): { listed: readonly One[]; nextFrom: Date | null } {
  const last = found[first - 1]?.start.getTime();
  const next = found.findIndex(({ start }, index) => index >= first && start.getTime() !== last);
  return next === -1
    ? { listed: found, nextFrom: null }
    : { listed: found.slice(0, next), nextFrom: found[next]?.start ?? null };
}

/** The schedules and busy times of all providers; where the resources stand, if any are needed. */
async function circumstances(deps: Deps, { type, providers, from, to }: Search) {
  const { em, now } = deps;
  const ids = providers.map(({ id }) => id);
  const weekly = await findInOrder(em, WeeklyHours, ids);
  const overridden = await em.find(OverriddenDay, {
    providerId: { $in: ids },
    // No zone's calendar is more than a day away from that of UTC; an appointment may run into the next day.
    date: { $gte: utcDate(from.getTime() - day), $lte: utcDate(to.getTime() + 2 * day) },
  });
  const schedules = new Map(
    providers.map((provider, index): [string, Schedule] => [
      provider.id,
      {
        timeZone: provider.timeZone,
        weekly: weekly[index]?.blocks ?? [],
        overrides: overridden
          .filter(({ providerId }) => providerId === provider.id)
          .map(({ date, blocks }) => ({ date: parseLocalDate(date) ?? Number.NaN, blocks })),
      },
    ]),
  );
  const window = { from: new Date(from.getTime() - reach), to: new Date(to.getTime() + reach), now };
  const busy = await busyTimes(em, [...ids, ...type.resourceIds], window);
  const [resource] = await byIds(deps, Resource, type.resourceIds);
  return { schedules, busy, resourceLocationId: resource?.locationId };
}

/** Only what is listed gets its place and its mode. */
async function shown(
  deps: Deps,
  { type, practice, providers }: Search,
  listed: readonly (Slot & { provider: Provider })[],
): Promise<FoundSlot[]> {
  const locations = await byIds(deps, Location, [...new Set(listed.map(({ locationId }) => locationId))]);
  const placeOf = new Map(locations.map((location) => [location.id, location]));
  const calendars = await findInOrder(
    deps.em,
    KnownCalendar,
    providers.map(({ id }) => id),
  );
  const modeOf = new Map(
    providers.map((provider, index) => [
      provider.id,
      expectedMode(provider.bookingSettings(practice.bookingSettings), calendars[index]?.state),
    ]),
  );
  return listed.flatMap(({ start, locationId, provider }) => {
    const location = placeOf.get(locationId);
    const mode = modeOf.get(provider.id);
    if (!location || !mode) return [];
    return [
      {
        start,
        end: new Date(start.getTime() + type.durationMinutes * 60_000),
        locationId,
        provider,
        location,
        mode,
      },
    ];
  });
}

const restricted = (
  { timeZone, weekly, overrides = [] }: Schedule,
  keep: (block: WorkingBlock) => boolean,
): Schedule => ({
  timeZone,
  weekly: weekly.filter(keep),
  overrides: overrides.map(({ date, blocks }) => ({ date, blocks: blocks.filter(keep) })),
});

const utcDate = (instant: number): string => formatLocalDate(Math.floor(instant / day));
