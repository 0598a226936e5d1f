// Who may see an appointment: the patient's people, its provider, the practice's desk, the practice's partners. To
// others it reads as absent.
import { LockMode, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import { hasRole, planted, practicesOf, type Viewer } from '@caregraph/runtime';
import { forbidden } from '@caregraph/subgraph';
import { countsIn, isAccountOfKey, isPartner, mayRead } from '../caller/partners.js';
import { Appointment } from './appointment.js';
import { system, type Actor } from './actor.js';

/** The condition under which rows are the viewer's to see; undefined: none are. */
export function visibleTo(viewer: Viewer): FilterQuery<Appointment> | undefined {
  if (hasRole(viewer, null, 'support', 'system')) return {};
  if (!mayRead(viewer)) return undefined;
  const practices = practicesOf(viewer, 'staff', 'admin', 'partner');
  const ways: FilterQuery<Appointment>[] = [];
  if (practices.length > 0) ways.push({ practiceId: { $in: practices } });
  // A key's account has nothing of its own elsewhere.
  if (viewer.account && !isPartner(viewer))
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
 * The appointment, locked, if the viewer may see it, to do something to it. A partner's key needs not be one that reads,
 * and changes what keys of its practice have booked: all of them act for one partner, who changes them now and then.
 */
export async function findToChange(
  em: EntityManager,
  viewer: Viewer,
  appointmentId: string,
): Promise<Appointment | null> {
  if (!isPartner(viewer)) return findVisible(em, viewer, appointmentId, LockMode.PESSIMISTIC_WRITE);
  const appointment = await em.findOne(
    Appointment,
    { id: appointmentId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!appointment || !countsIn(viewer, appointment.practiceId)) return null;
  const { account } = viewer;
  if (appointment.accounts.some((one) => one === account || isAccountOfKey(one))) return appointment;
  if (!mayRead(viewer)) return null;
  throw forbidden('A partner changes only what was booked with a key of the practice.');
}

/**
 * In which role the viewer acts on an appointment that he may see. Working at the practice outranks being its
 * patient: a receptionist who cancels her own visit at the desk does so as the patient only if she has no role there.
 * A partner acts for the patient, by the patient's rules, under his key's account.
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
 * somebody who works at the practice is the patient of his own visit. So is a partner, of what `findToChange` gave him.
 */
export function patientOn(
  viewer: Viewer,
  { accounts, practiceId }: Pick<Appointment, 'accounts' | 'practiceId'>,
): Actor | undefined {
  const { account } = viewer;
  if (account === null) return undefined;
  const isPartners = hasRole(viewer, practiceId, 'partner') && accounts.some(isAccountOfKey);
  return accounts.includes(account) || isPartners ? { type: 'patient', sub: account } : undefined;
}

/** Whether the viewer answers for the practice: its provider or its desk. */
export const actsForPractice = (actor: Actor): boolean =>
  actor.type !== 'patient' && actor.type !== 'partner';
