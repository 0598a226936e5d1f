// Fills a new stack with the demo's world, as an ordinary client of the graph with the logins of the right people.
// Run again, it finds what is there; interrupted, the next run goes on.
import { eventually, GatewayClient, GraphRequestFailed } from '@caregraph/testing';
import type { StackFile } from '../stack/stack-file.js';
import { demoAppointmentTypes, demoLocations, demoPatients, demoProviders, demoRooms } from './data.js';
import { demoAccount, demoId, demoPractices } from './ids.js';
import { demoUsers } from './users.js';

interface Seedable {
  describe(): StackFile;
}

type Create = (login: string, mutation: string, input: Readonly<Record<string, unknown>>) => Promise<void>;

/** Resolves when everything is there, and known to booking. */
export async function seed(stack: Seedable): Promise<void> {
  const { graphql, subscriptions, logins } = stack.describe();
  const as = (login: string): GatewayClient =>
    new GatewayClient({ graphql, subscriptions }, logins[login]?.token);
  if (await isSeeded(as('staff2'), as('support'))) return;

  const create: Create = async (login, mutation, input) => {
    const key = { 'idempotency-key': `demo-${mutation}-${String(input.id ?? input.providerId)}` };
    await eventually(`${mutation} of the demo data`, () => created(as(login), mutation, input, key), {
      everyMs: 100,
    });
  };
  await seedPractices(create);
  await seedMemberships(create);
  await seedLocations(create);
  await Promise.all([seedProviders(create), seedRooms(create)]);
  await Promise.all(demoAppointmentTypes.map((type) => seedAppointmentType(create, type)));
  await seedPatients(create);
}

/** The last thing that is made: when it is there, all is. A folder of release 0.2 lacks the memberships. */
async function isSeeded(desk: GatewayClient, support: GatewayClient): Promise<boolean> {
  const query = 'query IsSeeded($id: ID!) { patient(id: $id) { id } }';
  const { data } = await desk.answer<{ patient: object | null }>(query, { id: demoPatients.at(-1)?.id });
  const members =
    'query HasMembers($practiceId: ID!) { memberships(practiceId: $practiceId, first: 1) { edges { cursor } } }';
  const { data: known } = await support.answer<{ memberships: { edges: object[] } }>(members, {
    practiceId: demoPractices.lakeshore,
  });
  return Boolean(data?.patient) && (known?.memberships.edges.length ?? 0) > 0;
}

/** True once it exists. A refusal is tried again: booking may not have heard of the practice yet. */
async function created(
  client: GatewayClient,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
  headers: Record<string, string>,
): Promise<true> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation Seed($input: ${type}!) { outcome: ${mutation}(input: $input) { __typename ... on DomainError { code message } } }`;
  const answer = await client.answer<{ outcome: { code?: string } }>(document, { input }, headers);
  const taken = answer.errors.some(({ extensions }) =>
    extensions?.fields?.some(({ field }) => field === 'id'),
  );
  if (taken) return true;
  if (answer.errors.length > 0) throw new GraphRequestFailed(answer.errors);
  if (answer.data?.outcome.code === 'PRACTICE_EXISTS') return true;
  if (answer.data?.outcome.code) throw new Error(`${mutation} was refused: ${answer.data.outcome.code}`);
  return true;
}

async function seedPractices(create: Create): Promise<void> {
  const practices = [
    ['riverside', 'Riverside Family Health', 'America/New_York', 'desk@riverside.example'],
    ['lakeshore', 'Lakeshore Wellness', 'America/Chicago', 'desk@lakeshore.example'],
  ] as const;
  for (const [practice, name, timeZone, email] of practices) {
    await create('support', 'createPractice', {
      id: demoPractices[practice],
      name,
      timeZone,
      email,
      currency: 'USD',
    });
  }
}

/** Support is there from the start (PLATFORM_OPERATORS), and lets the others in. */
async function seedMemberships(create: Create): Promise<void> {
  const members = demoUsers.flatMap(({ login, sub, memberships }) =>
    memberships.map(({ practiceId, role }) => ({ login, sub, practiceId, role })),
  );
  const inPractices = members.filter(({ practiceId }) => practiceId !== null);
  await Promise.all(
    inPractices.map(({ login, sub, practiceId, role }) =>
      create('support', 'grantMembership', {
        id: demoId('membership', login),
        practiceId,
        account: sub,
        role: role.toUpperCase(),
      }),
    ),
  );
}

async function seedLocations(create: Create): Promise<void> {
  for (const { name, practice, title, kind, timeZone, address, instructions } of demoLocations) {
    const practiceId = demoPractices[practice];
    await create(adminOf(practice), 'createLocation', {
      id: demoId('location', name),
      practiceId,
      name: title,
      kind,
      timeZone,
      address,
      instructions,
    });
  }
}

const adminOf = (practice: keyof typeof demoPractices): string =>
  practice === 'riverside' ? 'admin' : 'admin2';

async function seedRooms(create: Create): Promise<void> {
  for (const { name, location, title, practice } of demoRooms) {
    const locationId = demoId('location', location);
    await create(adminOf(practice), 'createResource', {
      id: demoId('resource', name),
      locationId,
      name: title,
      kind: 'ROOM',
    });
  }
}

async function seedProviders(create: Create): Promise<void> {
  for (const one of demoProviders) {
    const id = demoId('provider', one.login);
    const locationId = demoId('location', one.location);
    await create(adminOf(one.practice), 'createProvider', {
      id,
      practiceId: demoPractices[one.practice],
      name: one.name,
      account: demoAccount(one.login),
      timeZone: one.timeZone,
      specialties: [one.specialty],
      languages: one.languages,
      locationIds: [locationId],
      email: `${one.login}@providers.caregraph.example`,
      bookingSettings: one.settings,
    });
    await create(adminOf(one.practice), 'setWeeklyHours', {
      providerId: id,
      blocks: weekOf(one.hours, locationId),
    });
  }
}

/** Monday to Friday with a lunch break; a provider whose day never ends works all week, without one. */
function weekOf([start, end]: readonly [string, string], locationId: string): object[] {
  const always = end === '24:00';
  const weekdays = always ? [0, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5];
  const breaks = always ? [] : [{ start: '12:00', end: '13:00' }];
  return weekdays.map((weekday) => ({ weekday, start, end, locationId, breaks }));
}

const seedAppointmentType = (
  create: Create,
  { name, title, practice, ...type }: (typeof demoAppointmentTypes)[number],
): Promise<void> =>
  create(adminOf(practice), 'createAppointmentType', {
    id: demoId('appointment-type', name),
    practiceId: demoPractices[practice],
    name: title,
    category: 'INDIVIDUAL',
    allowOnlineBooking: true,
    ...type,
  });

async function seedPatients(create: Create): Promise<void> {
  const [last, ...others] = [...demoPatients].reverse();
  const register = ({ practice, login, ...patient }: (typeof demoPatients)[number]): Promise<void> => {
    const { id, practiceId, account, firstName, lastName, email, mobile } = patient;
    const desk = practice === 'riverside' ? 'staff' : 'staff2';
    const input = { id, practiceId, firstName, lastName, email, mobile, textConsent: true };
    return create(login ?? desk, 'registerPatient', login ? input : { ...input, account });
  };
  await Promise.all(others.map(register));
  if (last) await register(last);
}
