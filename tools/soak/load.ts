// The mixed load: people at both practices search, hold, book, answer, move, call off, give money back and look, at an
// even pace, for as long as it is told.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clinic, Known } from '../chaos/clinic.js';
import { deskOf, visits, type Visit } from '../chaos/people.js';
import { bookerOf, partiesOf } from '../chaos/random-load.js';
import type { Random } from '../chaos/random.js';
import { cards } from '../chaos/plan.js';

const weights = {
  read: 30,
  search: 22,
  list: 8,
  book: 5,
  release: 3,
  answer: 6,
  cancel: 4,
  move: 2,
  refund: 2,
  again: 2,
} as const;
type Act = keyof typeof weights;

/** Requests that an act makes, by and large. */
const requestsPerAct = 1.26;
/** Free times begin so many days ahead, so that a long run does not use them up. */
const days = 20;
/** Nobody looks up what was booked long ago. */
const recent = 60;

export async function work(
  clinic: Clinic,
  chance: Random,
  { rate, isOver }: { readonly rate: number; readonly isOver: () => boolean },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const every = (1_000 * requestsPerAct) / rate;
  let next = performance.now();
  while (!isOver()) {
    const act = acts[chance.weighted(weights)](clinic, chance);
    underWay.add(act);
    void act.finally(() => underWay.delete(act));
    next += every;
    await pause(Math.max(0, next - performance.now()));
  }
  await Promise.all(underWay);
}

const acts: Readonly<Record<Act, (clinic: Clinic, chance: Random) => Promise<void>>> = {
  read: async (clinic, chance) => {
    const one = latest(clinic, chance);
    if (one) await clinic.read(chance.oneOf(partiesOf(one)), one.id);
  },
  search: async (clinic, chance) => {
    await freeTimes(clinic, chance, chance.oneOf(visits));
  },
  list: (clinic, chance) => clinic.list(chance.oneOf(['patient', 'patient2', 'staff', 'staff2', 'provider'])),
  book: async (clinic, chance) => {
    const visit = chance.oneOf(visits);
    const hold = await held(clinic, chance, visit);
    if (!hold) return;
    const [booker, patientId] = bookerOf(visit, chance);
    const [good, declined] = cards;
    const card = chance.next() < 0.95 ? good : declined;
    await clinic.book(booker, visit, hold.hold, { patientId, card });
  },
  release: async (clinic, chance) => {
    const hold = await held(clinic, chance, chance.oneOf(visits));
    if (hold) await clinic.release(hold.visitor, hold.hold);
  },
  answer: async (clinic, chance) => {
    const asked = clinic.known.filter(({ visit }) => visit.asked).slice(-12);
    if (asked.length === 0) return;
    const one = chance.oneOf(asked);
    const login = chance.oneOf([one.visit.provider, deskOf[one.visit.practice]]);
    await clinic.act(login, chance.next() < 0.8 ? 'confirmAppointment' : 'declineAppointment', one.id);
  },
  cancel: async (clinic, chance) => {
    const one = latest(clinic, chance);
    if (one) await clinic.act(chance.oneOf(partiesOf(one)), 'cancelAppointment', one.id);
  },
  move: async (clinic, chance) => {
    const own = clinic.known.filter(({ booker }) => booker.startsWith('patient')).slice(-recent);
    if (own.length === 0) return;
    const one = chance.oneOf(own);
    const offer = await freeTimes(clinic, chance, one.visit, one.booker);
    if (offer !== undefined) await clinic.act(one.booker, 'rescheduleAppointment', one.id, { offer });
  },
  refund: async (clinic, chance) => {
    const one = latest(clinic, chance);
    if (one && one.visit.type !== 'child-checkup')
      await clinic.refund(deskOf[one.visit.practice], one.id, 1_000);
  },
  /** The same wish twice with one key, as a phone that lost the answer asks. */
  again: async (clinic, chance) => {
    const one = latest(clinic, chance);
    if (!one) return;
    const [login, key] = [chance.oneOf(partiesOf(one)), randomUUID()];
    await clinic.act(login, 'cancelAppointment', one.id, {}, key);
    await clinic.act(login, 'cancelAppointment', one.id, {}, key);
  },
};

function latest({ known }: Clinic, chance: Random): Known | undefined {
  return known.length === 0 ? undefined : chance.oneOf(known.slice(-recent));
}

/** The offer of one of the next free times from a random day on. */
async function freeTimes(
  clinic: Clinic,
  chance: Random,
  visit: Visit,
  login: string | null = null,
): Promise<string | undefined> {
  const fromHours = 26 + 24 * chance.between(0, days);
  const times = await clinic.freeTimes({ login }, visit, { fromHours, toHours: fromHours + 48 });
  return times.length === 0 ? undefined : chance.oneOf(times).offer;
}

async function held(clinic: Clinic, chance: Random, visit: Visit) {
  const offer = await freeTimes(clinic, chance, visit);
  if (offer === undefined) return undefined;
  const visitor = clinic.visitor();
  const answer = await clinic.hold(visitor, offer);
  return answer.outcome === 'accepted' && answer.data ? { visitor, hold: answer.data.outcome } : undefined;
}
