// Races at a barrier, beside the random load: sixteen go for one thing in the same moment. A double booking that only
// checks before it inserts survives thousands of random requests, and not one of these.
import { randomUUID } from 'node:crypto';
import type { Slot } from '../demo/seen.js';
import type { Clinic } from './clinic.js';
import { bookerOf, partiesOf } from './random-load.js';
import { known, patientIdOf, type Visit } from './people.js';
import type { RaceName } from './plan.js';
import { randomOf } from './random.js';

const racers = 16;
/** Days that the random load leaves alone, one of them for each race. */
const dayOf = (round: number): { fromHours: number; toHours: number } => {
  const fromHours = 300 + round * 26;
  return { fromHours, toHours: fromHours + 72 };
};

const { firstVisit: instant } = known;
const procedures = [known.procedure, known.otherProcedure];

/** @param round how many races were run before, so that each has times of its own. */
export async function race(clinic: Clinic, name: RaceName, round: number): Promise<void> {
  await races[name](clinic, round);
}

const calledOff = ['CANCELLED_PATIENT', 'CANCELLED_PROVIDER', 'CANCELLED_ADMIN'];

const races: Readonly<Record<RaceName, (clinic: Clinic, round: number) => Promise<void>>> = {
  'one-slot': async (clinic, round) => {
    const [slot] = await clinic.freeTimes(clinic.visitor(), instant, dayOf(round));
    if (slot) await together(clinic, [[instant, slot]]);
  },
  'overlapping-ranges': async (clinic, round) => {
    const both = await Promise.all(
      procedures.map(async (visit) => ({
        visit,
        slots: await clinic.freeTimes(clinic.visitor(), visit, dayOf(round)),
      })),
    );
    await together(clinic, overlapping(both));
  },
  'double-cancel': async (clinic, round) => {
    const id = await confirmed(clinic, round);
    if (id === undefined) return;
    const people = partiesOf({ id, visit: instant, booker: 'patient3' });
    await Promise.all(
      Array.from({ length: racers }, (_, index) =>
        clinic.act(people[index % people.length] ?? 'staff', 'cancelAppointment', id),
      ),
    );
  },
  'same-key': async (clinic, round) => {
    const visitor = clinic.visitor();
    const [slot] = await clinic.freeTimes(visitor, instant, dayOf(round));
    if (!slot) return;
    const key = randomUUID();
    const holds = await Promise.all([1, 2, 3].map(() => clinic.hold(visitor, slot.offer, key)));
    // Where keys are not obeyed any of the three may be the one that got it.
    const held = holds.find(({ outcome }) => outcome === 'accepted')?.data?.outcome;
    if (!held) return;
    const wish = { patientId: patientIdOf('patient4'), card: 'pm_card_visa', key: randomUUID() };
    const book = (): Promise<unknown> => clinic.book('patient4', instant, held, wish);
    await Promise.all([book(), book(), book()]);
    // And once more when it is long done.
    await book();
  },
};

/** All hold in the same moment; who got it books. */
async function together(clinic: Clinic, times: readonly (readonly [Visit, Slot])[]): Promise<void> {
  if (times.length === 0) return;
  const visitors = Array.from({ length: racers }, (_, index) => {
    const [visit, slot] = times[index % times.length] as readonly [Visit, Slot];
    return { visit, slot, visitor: clinic.visitor(), chance: randomOf(index) };
  });
  const holds = await Promise.all(visitors.map(({ visitor, slot }) => clinic.hold(visitor, slot.offer)));
  await Promise.all(
    visitors.map(async ({ visit, chance }, index) => {
      const hold = holds[index];
      if (hold?.outcome !== 'accepted' || !hold.data) return;
      const [booker, patientId] = bookerOf(visit, chance);
      await clinic.book(booker, visit, hold.data.outcome, { patientId, card: 'pm_card_visa' });
    }),
  );
}

/** Times of both providers that begin within an hour of each other: one room has place for one of them. */
function overlapping(
  both: readonly { readonly visit: Visit; readonly slots: readonly Slot[] }[],
): (readonly [Visit, Slot])[] {
  const hour = 3_600_000;
  const other = both[1]?.slots ?? [];
  const first = other.find(({ start }) =>
    both[0]?.slots.some((slot) => Math.abs(Date.parse(slot.start) - Date.parse(start)) < hour),
  );
  if (!first) return [];
  const from = Date.parse(first.start);
  return both.flatMap(({ visit, slots }) =>
    slots
      .filter(({ start }) => Date.parse(start) >= from && Date.parse(start) < from + hour)
      .map((slot) => [visit, slot] as const),
  );
}

async function confirmed(clinic: Clinic, round: number): Promise<string | undefined> {
  const visitor = clinic.visitor();
  const [slot] = await clinic.freeTimes(visitor, instant, dayOf(round));
  const hold = slot && (await clinic.hold(visitor, slot.offer));
  if (hold?.outcome !== 'accepted' || !hold.data) return undefined;
  const wish = { patientId: patientIdOf('patient3'), card: 'pm_card_visa' };
  const booking = await clinic.book('patient3', instant, hold.data.outcome, wish);
  const id = booking.outcome === 'accepted' ? booking.data?.outcome.id : undefined;
  if (id === undefined) return undefined;
  // In the random load somebody may have called it off before, or the money could not be held.
  await clinic.untilStatus('patient3', id, 'CONFIRMED', 'PAYMENT_FAILED', ...calledOff);
  return id;
}
