// The demo's world: two practices, three locations, eight providers in three time zones, eight appointment types,
// forty patients. The same on every machine.
import { demoAccount, demoId, demoPractices } from './ids.js';

export interface DemoProvider {
  /** Its login, and the name of its id. */
  readonly login: string;
  readonly name: string;
  readonly practice: keyof typeof demoPractices;
  readonly timeZone: string;
  readonly specialty: string;
  readonly languages: readonly string[];
  readonly location: string;
  /** What differs from the practice's settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Opening and closing on the provider's wall clock, Monday to Friday. */
  readonly hours: readonly [start: string, end: string];
}

export const demoLocations = [
  {
    name: 'riverside-main',
    practice: 'riverside',
    title: 'Riverside Main Street',
    kind: 'IN_PERSON',
    timeZone: 'America/New_York',
    address: '12 Main Street, Portland, ME 04101, US',
    instructions: 'Ring at the side door after 5 pm.',
  },
  {
    name: 'riverside-telehealth',
    practice: 'riverside',
    title: 'Riverside by video',
    kind: 'TELEHEALTH',
    timeZone: 'America/New_York',
    address: null,
    instructions: 'You get a link before the visit.',
  },
  {
    name: 'lakeshore-clinic',
    practice: 'lakeshore',
    title: 'Lakeshore Clinic',
    kind: 'IN_PERSON',
    timeZone: 'America/Chicago',
    address: '400 Lake Shore Drive, Chicago, IL 60611, US',
    instructions: 'Third floor.',
  },
] as const;

export const demoRooms = [
  { name: 'treatment-room', location: 'riverside-main', title: 'Treatment room 1', practice: 'riverside' },
  { name: 'group-room', location: 'lakeshore-clinic', title: 'Group room', practice: 'lakeshore' },
] as const;

const instant = { mode: 'INSTANT', modeOverride: true };
const eastern = 'America/New_York';
const central = 'America/Chicago';

export const demoProviders: readonly DemoProvider[] = [
  // An hour's notice and long days, so that a demo finds a time at any hour.
  provider('provider', 'Dr. Amelia Chen', 'riverside', eastern, 'Family medicine', 'riverside-main', {
    settings: { ...instant, minimumNoticeHours: 1 },
    hours: ['00:00', '24:00'],
  }),
  provider('provider2', 'Dr. Samuel Okafor', 'riverside', eastern, 'Internal medicine', 'riverside-main', {
    settings: { minimumNoticeHours: 2 },
    hours: ['07:00', '19:00'],
  }),
  provider('provider3', 'Dr. Ingrid Larsen', 'riverside', eastern, 'Dermatology', 'riverside-main', {}),
  provider(
    'provider4',
    'Dr. Rafael Moreno',
    'riverside',
    'America/Los_Angeles',
    'Psychiatry',
    'riverside-telehealth',
    {
      settings: { cancellationNoticeHours: 48, cancellationFeePercent: 30 },
    },
  ),
  provider('provider5', 'Dr. Priya Nair', 'lakeshore', central, 'Physical therapy', 'lakeshore-clinic', {
    settings: instant,
  }),
  provider('provider6', 'Dr. Jonas Weber', 'lakeshore', central, 'Psychology', 'lakeshore-clinic', {}),
  provider('provider7', 'Dr. Hana Sato', 'lakeshore', central, 'Nutrition', 'lakeshore-clinic', {
    settings: { confirmationDeadlineHours: 12 },
  }),
  provider('provider8', 'Dr. Leah Goldman', 'lakeshore', central, 'Pediatrics', 'lakeshore-clinic', {
    settings: { allowReschedule: false },
  }),
];

function provider(
  login: string,
  name: string,
  practice: DemoProvider['practice'],
  timeZone: string,
  specialty: string,
  location: string,
  more: Partial<Pick<DemoProvider, 'settings' | 'hours'>>,
): DemoProvider {
  const settings = more.settings ?? {};
  const hours = more.hours ?? (['09:00', '17:00'] as const);
  return {
    login,
    name,
    practice,
    timeZone,
    specialty,
    location,
    languages: ['en-US', 'es'],
    settings,
    hours,
  };
}

export const demoAppointmentTypes = [
  type('first-visit', 'riverside', 'First visit', 45, 12_000, ['provider', 'provider2', 'provider3']),
  type(
    'follow-up',
    'riverside',
    'Follow-up',
    20,
    6_000,
    ['provider', 'provider2', 'provider3', 'provider4'],
    { before: 0, after: 10 },
  ),
  type(
    'minor-procedure',
    'riverside',
    'Minor procedure',
    60,
    24_000,
    ['provider', 'provider3'],
    { before: 10, after: 20 },
    ['treatment-room'],
  ),
  type('video-consultation', 'riverside', 'Video consultation', 30, 9_000, ['provider4']),
  type('physical-therapy', 'lakeshore', 'Physical therapy session', 50, 11_000, ['provider5'], {
    before: 5,
    after: 10,
  }),
  type('therapy-hour', 'lakeshore', 'Therapy hour', 50, 15_000, ['provider6']),
  type('nutrition-advice', 'lakeshore', 'Nutrition advice', 30, 7_500, ['provider7']),
  {
    ...type('child-checkup', 'lakeshore', 'Child check-up', 30, 8_000, ['provider8']),
    paymentMode: 'AT_VISIT',
  },
];

function type(
  name: string,
  practice: keyof typeof demoPractices,
  title: string,
  durationMinutes: number,
  priceAmountMinor: number,
  providers: readonly string[],
  buffers?: { before: number; after: number },
  rooms: readonly string[] = [],
) {
  return {
    name,
    practice,
    title,
    durationMinutes,
    priceAmountMinor,
    bufferBeforeMinutes: buffers?.before ?? null,
    bufferAfterMinutes: buffers?.after ?? null,
    providerIds: providers.map((login) => demoId('provider', login)),
    resourceIds: rooms.map((room) => demoId('resource', room)),
    paymentMode: 'HOLD',
  };
}

const givenNames = [
  'Maya',
  'Liam',
  'Noor',
  'Oliver',
  'Ana',
  'Jack',
  'Zoe',
  'Omar',
  'Ruth',
  'Kai',
  'Ivy',
  'Ben',
  'Lena',
  'Theo',
  'Mina',
  'Paul',
  'Sara',
  'Hugo',
  'Nina',
  'Carl',
];
const familyNames = [
  'Torres',
  'Becker',
  'Rahman',
  'Grant',
  'Silva',
  'Murphy',
  'Kim',
  'Haddad',
  'Cohen',
  'Nakamura',
  'Shaw',
  'Fischer',
  'Ivanova',
  'Martin',
  'Park',
  'Novak',
  'Lopez',
  'Bernard',
  'Rossi',
  'Jensen',
];

/** The first four log in (`patient` to `patient4`); the others were registered at the desk. */
export const demoPatients = Array.from({ length: 40 }, (_, index) => {
  const practice: keyof typeof demoPractices = index < 20 ? 'riverside' : 'lakeshore';
  const login = index < 4 ? `patient${index === 0 ? '' : index + 1}` : null;
  const firstName = givenNames[index % 20] ?? '';
  const lastName = familyNames[(index + (index < 20 ? 0 : 7)) % 20] ?? '';
  return {
    id: demoId('patient', String(index + 1)),
    practice,
    practiceId: demoPractices[practice],
    login,
    account: login ? demoAccount(login) : null,
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${index + 1}@patients.caregraph.example`.toLowerCase(),
    mobile: `+1${practice === 'riverside' ? '207' : '312'}55501${String(index).padStart(2, '0')}`,
  };
});
