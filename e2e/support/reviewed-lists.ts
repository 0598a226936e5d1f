// Reviewed: the lists of the graph that are no connections, and what keeps each of them short (GW-039). A list that is
// missing here, and is no connection, fails `lists.e2e.spec.ts`.
import type { OwnPractice } from './own-practice.js';

/** By whom a thing of the practice is changed in which way, to more than a list may hold. */
export type TooMuch = (own: OwnPractice) => readonly [mutation: string, input: object];

export interface ShortList {
  /** In the description of the field, or of the argument that says how far it goes. */
  readonly said: string;
  /** What keeps it so: it is read to so many, or an input with more is refused. */
  readonly by: 'read' | 'query' | TooMuch;
}

const many = <One>(length: number, one: (at: number) => One): One[] =>
  Array.from({ length }, (_, at) => one(at));
const pauses = many(11, (at) => ({ start: `1${at % 10}:00`, end: `1${at % 10}:30` }));

const ofProvider =
  (details: (own: OwnPractice) => object): TooMuch =>
  (own) => ['updateProvider', { providerId: own.providerId, ...details(own) }];
const ofType =
  (details: (own: OwnPractice) => object): TooMuch =>
  (own) => ['updateAppointmentType', { appointmentTypeId: own.typeId, ...details(own) }];
const ofWeek =
  (blocks: (block: object) => object[]): TooMuch =>
  (own) => [
    'setWeeklyHours',
    { providerId: own.providerId, blocks: own.allWeek().slice(0, 1).flatMap(blocks) },
  ];
const ofDay =
  (blocks: (block: object) => object[]): TooMuch =>
  (own) => {
    const block = { start: '09:00', end: '10:00', locationId: own.locationId };
    return ['overrideDay', { providerId: own.providerId, date: '2027-06-01', blocks: blocks(block) }];
  };

export const shortLists: Readonly<Record<string, ShortList>> = {
  // Of one appointment or payment: what a person reads on one screen, and the latest of it where there is more.
  'Appointment.history': { said: 'at most 50', by: 'read' },
  'Appointment.notifications': { said: 'at most 50', by: 'read' },
  'Payment.refunds': { said: 'at most 50', by: 'read' },
  // Of one person who is logged in.
  'Query.myPatients': { said: 'at most 50', by: 'read' },
  'Query.myMemberships': { said: 'at most 50', by: 'read' },
  // Of one practice, as a patient chooses from them.
  'Practice.locations': { said: 'at most 50', by: 'read' },
  'Provider.appointmentTypes': { said: 'at most 50', by: 'read' },
  // Those that the code asks for, and a hundred labels.
  'Query.featureFlags': { said: 'at most 100', by: 'read' },
  // As far as the question goes, which may not go further.
  'Availability.slots': { said: 'at most `first`', by: 'query' },
  'Provider.overriddenDays': { said: 'at most 366 days', by: 'query' },
  // What somebody has typed in.
  'AppointmentType.providers': {
    said: 'at most 100',
    by: ofType((own) => ({ providerIds: many(101, () => own.providerId) })),
  },
  'AppointmentType.requiredResources': {
    said: 'at most 3',
    by: ofType((own) => ({ resourceIds: many(4, () => own.locationId) })),
  },
  'OverriddenDay.blocks': { said: 'at most 20', by: ofDay((block) => many(21, () => block)) },
  'PartnerKey.scopes': {
    said: 'at most 20',
    by: (own) => [
      'createPartnerKey',
      { practiceId: own.id, name: 'All', scopes: many(21, (at) => `scope:${at}`) },
    ],
  },
  'Provider.specialties': {
    said: 'at most 20',
    by: ofProvider(() => ({ specialties: many(21, (at) => `Field ${at}`) })),
  },
  'Provider.languages': { said: 'at most 20', by: ofProvider(() => ({ languages: many(21, () => 'en') })) },
  'Provider.insurances': {
    said: 'at most 100',
    by: ofProvider(() => ({ insurances: many(101, (at) => `Plan ${at}`) })),
  },
  'Provider.locations': {
    said: 'at most 50',
    by: ofProvider((own) => ({ locationIds: many(51, () => own.locationId) })),
  },
  'Provider.weeklyHours': { said: 'at most 100', by: ofWeek((block) => many(101, () => block)) },
  'WeeklyBlock.breaks': { said: 'At most 10', by: ofWeek((block) => [{ ...block, breaks: pauses }]) },
  'WorkingBlock.breaks': { said: 'At most 10', by: ofDay((block) => [{ ...block, breaks: pauses }]) },
};

/** Each connection as it is asked for; of what the practice has, and by its admin. */
export const connections: Readonly<Record<string, (own: OwnPractice) => string>> = {
  'Query.appointments': ({ id }) => `practiceId: "${id}"`,
  'Query.memberships': ({ id }) => `practiceId: "${id}"`,
  'Query.partnerKeys': ({ id }) => `practiceId: "${id}"`,
  'Query.appointmentTypes': ({ id }) => `practiceId: "${id}"`,
  'Query.practices': () => '',
  'Query.providers': ({ id }) => `practiceId: "${id}"`,
  'FeatureFlag.providers': () => '',
};
