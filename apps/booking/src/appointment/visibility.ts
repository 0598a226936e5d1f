// Who may see an appointment: the patient's people, its provider, the practice's desk. To others it reads as absent.
import { LockMode, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import { hasRole, planted, practicesOf, type Viewer } from '@caregraph/runtime';
import { Appointment } from './appointment.js';
import { system, type Actor } from './actor.js';

/** The condition under which rows are the viewer's to see; undefined: none are. */
export function visibleTo(viewer: Viewer): FilterQuery<Appointment> | undefined {
  if (hasRole(viewer, null, 'support', 'system')) return {};
  const practices = practicesOf(viewer, 'staff', 'admin');
  const ways: FilterQuery<Appointment>[] = [];
  if (practices.length > 0) ways.push({ practiceId: { $in: practices } });
  if (viewer.account)
    ways.push({ accounts: { $contains: [viewer.account] } }, { providerAccount: viewer.account });
  return ways.length > 0 ? { $or: ways } : undefined;
}

/** The appointment, if the viewer may see it. */
export async function findVisible(
  em: EntityManager,
  viewer: Viewer,
  appointmentId: string,
  lockMode: LockMode = LockMode.NONE,
): Promise<Appointment | null> {
  const visible = planted('visibility-unchecked') ? {} : visibleTo(viewer);
  if (!visible) return null;
  return em.findOne(
    Appointment,
    { $and: [{ id: appointmentId }, visible] },
    {
      lockMode,
    },
  );
}

/**
 * In which role the viewer acts on an appointment that he may see. Working at the practice outranks being its
 * patient: a receptionist who cancels her own visit at the desk does so as the patient only if she has no role there.
 */
export function actorOn(
  viewer: Viewer,
  appointment: Pick<Appointment, 'practiceId' | 'providerAccount'>,
): Actor {
  const sub = viewer.account;
  if (hasRole(viewer, null, 'system')) return system;
  if (sub !== null && appointment.providerAccount === sub) return { type: 'provider', sub };
  for (const role of ['admin', 'staff', 'support'] as const) {
    if (hasRole(viewer, appointment.practiceId, role)) return { type: role, sub };
  }
  return { type: 'patient', sub };
}

/**
 * The viewer as one of the patient's people; undefined where he is none. For what only the patient does: there, also
 * somebody who works at the practice is the patient of his own visit.
 */
export const patientOn = (
  { account }: Viewer,
  { accounts }: Pick<Appointment, 'accounts'>,
): Actor | undefined =>
  account !== null && accounts.includes(account) ? { type: 'patient', sub: account } : undefined;

/** Whether the viewer answers for the practice: its provider or its desk. */
export const actsForPractice = (actor: Actor): boolean =>
  actor.type !== 'patient' && actor.type !== 'partner';
