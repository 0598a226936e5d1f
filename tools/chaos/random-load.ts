// The random load: each planned act at its time, by one of those who could do it, on one of what they know.
import type { Random } from './random.js';
import { randomOf } from './random.js';
import type { Clinic, Known } from './clinic.js';
import {
  deskOf,
  everybody,
  lakeshorePatients,
  maySee,
  patientIdOf,
  patientLogins,
  visits,
  type Visit,
} from './people.js';
import type { ActName, PlannedAct } from './plan.js';
import { demoId, demoPractices } from '../demo/ids.js';
import type { Watching } from './watching.js';

/** So far ahead that many reminders come due when the clock is moved on by a day, and some are too late for one. */
const windowOf = (by: number): { fromHours: number; toHours: number } => {
  const fromHours = 26 + Math.floor(by * 6) * 24;
  return { fromHours, toHours: fromHours + 3 * 24 };
};
/** Few enough that people go for the same times. */
const firstTimes = 20;

export interface Load {
  readonly clinic: Clinic;
  readonly watching: Watching;
}

const pick = <One>(list: readonly One[], by: number): One | undefined => list[Math.floor(by * list.length)];

export async function play(load: Load, planned: PlannedAct): Promise<void> {
  await acts[planned.act](load, planned);
}

type Play = (load: Load, planned: PlannedAct) => Promise<void>;

const acts: Readonly<Record<ActName, Play>> = {
  book: async ({ clinic }, planned) => {
    const { visit, hold, chance } = await holdOne(clinic, planned);
    if (!hold) return;
    const [booker, patientId] = bookerOf(visit, chance);
    await clinic.book(booker, visit, hold, { patientId, card: planned.card });
  },
  release: async ({ clinic }, planned) => {
    const { hold, visitor } = await holdOne(clinic, planned);
    if (hold) await clinic.release(visitor, hold);
  },
  confirm: (load, planned) => answer(load, planned, 'confirmAppointment'),
  decline: (load, planned) => answer(load, planned, 'declineAppointment'),
  cancel: async ({ clinic }, { who, which }) => {
    const one = pick(clinic.known, which);
    if (one) await clinic.act(pick(partiesOf(one), who) ?? one.booker, 'cancelAppointment', one.id);
  },
  reschedule: async ({ clinic }, { who, which }) => {
    const one = pick(
      clinic.known.filter(({ booker }) => booker.startsWith('patient')),
      which,
    );
    if (!one) return;
    const times = await clinic.freeTimes({ login: one.booker }, one.visit, windowOf(who));
    const time = pick(times.slice(0, firstTimes), who);
    if (time) await clinic.act(one.booker, 'rescheduleAppointment', one.id, { offer: time.offer });
  },
  refund: async ({ clinic }, { which }) => {
    const one = pick(
      clinic.known.filter(({ visit }) => visit.type !== 'child-checkup'),
      which,
    );
    if (one) await clinic.refund(deskOf[one.visit.practice], one.id, 1_000);
  },
  read: async ({ clinic }, { who, which }) => {
    const one = pick(clinic.known, which);
    if (one) await clinic.read(pick(partiesOf(one), who) ?? one.booker, one.id);
  },
  list: async ({ clinic }, { who }) => clinic.list(pick(everybody, who) ?? 'staff'),
  peek: async ({ clinic }, { who, which }) => {
    const one = pick(clinic.known, which);
    const stranger = one && pick(strangersTo(one), who);
    if (!stranger) return;
    // Looking, and laying hands on it.
    if (who < 0.5) await clinic.read(stranger, one.id);
    else await clinic.act(stranger, 'cancelAppointment', one.id);
  },
  watch: ({ clinic, watching }, { who, which }) => {
    const one = pick(clinic.known, which);
    if (one) watching.watch(pick(partiesOf(one), who) ?? one.booker, one.id);
    return Promise.resolve();
  },
};

async function holdOne(clinic: Clinic, { who, which }: PlannedAct) {
  const chance = randomOf(Math.floor(who * 4_294_967_296));
  const visit = pick(visits, which) ?? chance.oneOf(visits);
  // A visitor first: quotas count him apart, and he shows the token when he has logged in.
  const visitor = clinic.visitor();
  const times = await clinic.freeTimes(visitor, visit, windowOf(chance.next()));
  const time = pick(times.slice(0, firstTimes), chance.next());
  const answer = time && (await clinic.hold(visitor, time.offer));
  return { visit, visitor, chance, hold: answer?.outcome === 'accepted' ? answer.data?.outcome : undefined };
}

/** At Riverside patients book for themselves, at Lakeshore the desk does it. */
export function bookerOf(visit: Visit, chance: Random): [booker: string, patientId: string] {
  if (visit.practice === 'lakeshore') return [deskOf.lakeshore, chance.oneOf(lakeshorePatients)];
  const login = chance.oneOf(patientLogins);
  return [login, patientIdOf(login)];
}

/** All who may read it and call it off. */
export const partiesOf = ({ visit, booker }: Known): string[] => [
  ...new Set([booker, visit.provider, deskOf[visit.practice]]),
];

export const strangersTo = ({ visit, booker }: Known): string[] =>
  everybody.filter(
    (login) =>
      login !== booker &&
      !maySee(login, {
        practiceId: demoPractices[visit.practice],
        patientId: booker.startsWith('patient') ? patientIdOf(booker) : '',
        providerId: demoId('provider', visit.provider),
      }),
  );

async function answer({ clinic }: Load, { who, which }: PlannedAct, mutation: string): Promise<void> {
  // The later ones: the first were answered long ago.
  const asked = clinic.known.filter(({ visit }) => visit.asked).slice(-12);
  const one = pick(asked, which);
  if (!one) return;
  const login = pick([one.visit.provider, deskOf[one.visit.practice]], who) ?? one.visit.provider;
  await clinic.act(login, mutation, one.id);
}
