// Who takes part: patients, providers and desks of both practices, and what each of them may see.
import { demoPatients, demoProviders } from '../demo/data.js';
import { demoId, type demoPractices } from '../demo/ids.js';
import { demoUsers } from '../demo/users.js';

export type PracticeName = keyof typeof demoPractices;

/** A visit that can be booked: with whom, and as what. */
export interface Visit {
  readonly practice: PracticeName;
  readonly provider: string;
  readonly type: string;
  /** Whether the provider answers each request. */
  readonly asked: boolean;
}

const firstVisit: Visit = {
  practice: 'riverside',
  provider: 'provider',
  type: 'first-visit',
  asked: false,
};
const requestedVisit: Visit = { ...firstVisit, provider: 'provider2', asked: true };
const procedure: Visit = { ...firstVisit, type: 'minor-procedure' };
const otherProcedure: Visit = { ...procedure, provider: 'provider3', asked: true };
/** What the races and the plants go for. */
export const known = { firstVisit, requestedVisit, procedure, otherProcedure } as const;

export const visits: readonly Visit[] = [
  firstVisit,
  requestedVisit,
  procedure,
  otherProcedure,
  { practice: 'riverside', provider: 'provider', type: 'follow-up', asked: false },
  { practice: 'riverside', provider: 'provider2', type: 'follow-up', asked: true },
  { practice: 'lakeshore', provider: 'provider5', type: 'physical-therapy', asked: false },
  { practice: 'lakeshore', provider: 'provider7', type: 'nutrition-advice', asked: true },
  { practice: 'lakeshore', provider: 'provider8', type: 'child-checkup', asked: true },
];

export const patientLogins = ['patient', 'patient2', 'patient3', 'patient4'] as const;
export const deskOf: Readonly<Record<PracticeName, string>> = { riverside: 'staff', lakeshore: 'staff2' };

/** Everybody who may ask for somebody else's appointment, to be told that there is none. */
export const everybody: readonly string[] = [
  ...patientLogins,
  'staff',
  'staff2',
  'provider',
  'provider2',
  'provider3',
  'provider5',
  'provider7',
  'provider8',
];

/** Patients that the desk of Lakeshore books for; none of them logs in. */
export const lakeshorePatients: readonly string[] = demoPatients
  .filter(({ practice, login }) => practice === 'lakeshore' && login === null)
  .map(({ id }) => id);

export function patientIdOf(login: string): string {
  const patient = demoPatients.find((one) => one.login === login);
  if (!patient) throw new Error(`No patient logs in as ${login}.`);
  return patient.id;
}

/** What decides who may see an appointment. */
export interface Parties {
  readonly practiceId: string;
  readonly patientId: string;
  readonly providerId: string;
}

/** Whether somebody may see an appointment: its patient, its provider, the practice's desk. */
export function maySee(login: string | null, parties: Parties): boolean {
  const user = demoUsers.find((one) => one.login === login);
  if (!user) return false;
  const desk = user.memberships.some(
    ({ practiceId, role }) => practiceId === parties.practiceId && (role === 'staff' || role === 'admin'),
  );
  const provider = demoProviders.some(
    (one) => one.login === login && demoId('provider', one.login) === parties.providerId,
  );
  const patient = demoPatients.some((one) => one.login === login && one.id === parties.patientId);
  return desk || provider || patient || user.role === 'support';
}
