// The race between a provider's answer and the deadline of the request: the clock is moved to just before it, and
// sixteen answers arrive around it.
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../demo/world.js';
import type { Clinic } from './clinic.js';
import { known, patientIdOf } from './people.js';

const { requestedVisit: asked } = known;
/** Milliseconds from the deadline to the first answer, and what is answered in turn. */
interface Answers {
  readonly from: number;
  readonly mutations: readonly string[];
}

const allAnswers: Answers = {
  from: -200,
  mutations: ['confirmAppointment', 'declineAppointment', 'confirmAppointment', 'cancelAppointment'],
};

/** Leaves the world's clock a little after the deadline. */
export async function raceAgainstDeadline(
  world: World,
  clinic: Clinic,
  { from, mutations }: Answers = allAnswers,
): Promise<void> {
  const id = await request(clinic);
  const seen = await clinic.untilStatus('patient2', id, 'PENDING_CONFIRMATION');
  const deadline = Date.parse(seen.confirmationDeadlineAt ?? '');
  await world.advance({ seconds: (deadline - (await world.now()).getTime()) / 1_000 - 1 });
  await Promise.all(
    Array.from({ length: 16 }, async (_, index) => {
      await pause(1_000 + from + index * 40);
      const login = index % 2 === 0 ? asked.provider : 'staff';
      await clinic.act(login, mutations[index % mutations.length] ?? 'confirmAppointment', id);
    }),
  );
}

async function request(clinic: Clinic): Promise<string> {
  const [slot] = await clinic.freeTimes(clinic.visitor(), asked, { fromHours: 24 * 20, toHours: 24 * 30 });
  const hold = slot && (await clinic.hold(clinic.visitor(), slot.offer));
  if (hold?.outcome !== 'accepted' || !hold.data) throw new Error('No time to request.');
  const wish = { patientId: patientIdOf('patient2'), card: 'pm_card_visa' };
  const booking = await clinic.book('patient2', asked, hold.data.outcome, wish);
  const id = booking.outcome === 'accepted' ? booking.data?.outcome.id : undefined;
  if (id === undefined) throw new Error(`The request was not taken: ${String(booking.code)}.`);
  return id;
}
