// Check 9: every mutation of the composed graph, asked for by every role of a practice. Who may not is refused and
// nothing changes; who may is not kept from it.
import { getNamedType } from 'graphql';
import { eventually } from '@caregraph/testing';
import type { World } from '../../tools/demo/world.js';
import { composedSchema } from '../support/composed-schema.js';
import { OwnPractice, people, type Person } from '../support/own-practice.js';
import { held, openWorld } from '../support/story.js';
import { wholeSelection } from '../support/whole-selection.js';
import { matrix, type Rule, type Things } from './role-matrix.js';

const schema = composedSchema();
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
const rules = Object.entries(matrix);

/** What somebody is told who may not do a thing, whatever its state. */
const refusals = ({ hidden }: Rule): string[] => [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  ...(hidden === undefined ? [] : [hidden]),
];
/** What nobody should be told here: it would say nothing about who may. */
const faults = ['STEP_UP_REQUIRED', 'TOO_MANY_REQUESTS', 'UNAVAILABLE', 'INTERNAL_SERVER_ERROR'];

const allowed = (person: Person): string[] =>
  rules.filter(([, { may }]) => may.includes(person)).map(([mutation]) => mutation);

describe('what each role may do', () => {
  let world: World;
  let own: OwnPractice;
  let things: Things;
  beforeAll(async () => {
    world = openWorld();
    own = await OwnPractice.open();
    things = await seed(world, own);
  }, 240_000);
  afterAll(async () => {
    await own.close();
    await world.close();
  });

  it('is reviewed for every mutation of the composed graph (GW-031)', () => {
    expect(Object.keys(matrix).sort()).toEqual([...mutations].sort());
  });

  it('is what the roles are for: an admin runs the practice, a provider his own schedule, a patient his own visits (GW-031)', () => {
    const providers = ['createProvider', 'updateProvider', 'overrideBookingSettings'];
    const services = ['createAppointmentType', 'updateAppointmentType'];
    const availability = ['setWeeklyHours', 'overrideDay'];
    const appointments = ['bookAppointment', 'confirmAppointment', 'declineAppointment', 'cancelAppointment'];
    const runs = [...providers, ...services, ...availability, ...appointments, 'refundPayment'];
    expect(allowed('admin')).toEqual(expect.arrayContaining(runs));
    const anybody = ['holdSlot', 'registerPatient', 'endMySession'];
    const schedule = [
      'confirmAppointment',
      'declineAppointment',
      'cancelAppointment',
      'retryAppointmentPayment',
    ];
    const whole = (...more: string[]) => [...anybody, ...more].sort();
    expect(allowed('provider').sort()).toEqual(
      whole(...schedule, 'resendNotification', 'disconnectCalendar'),
    );
    const visits = [
      'bookAppointment',
      'rescheduleAppointment',
      'cancelAppointment',
      'retryAppointmentPayment',
    ];
    const contact = ['updatePatientContact', 'resendNotification', 'releaseHold'];
    expect(allowed('patient').sort()).toEqual(whole(...visits, ...contact));
    expect(allowed('stranger').sort()).toEqual(whole());
    expect(allowed('nobody')).toEqual(['holdSlot']);
  });

  it.each(rules)('%s is refused to whoever may not, and nothing changes (GW-031)', async (mutation, rule) => {
    const before = await stateOf(own, things);
    const told: [Person, string | undefined][] = [];
    for (const person of people.filter((one) => !rule.may.includes(one))) {
      const { code } = await own.change(person, mutation, rule.input(things));
      told.push([person, code]);
    }
    expect(told.filter(([, code]) => !code || !refusals(rule).includes(code))).toEqual([]);
    expect(await stateOf(own, things)).toEqual(before);
  });

  it.each(rules)('%s is open to whoever may (GW-031)', async (mutation, rule) => {
    const told: [Person, string | undefined][] = [];
    for (const person of rule.may) {
      const { code } = await own.change(person, mutation, rule.input(things));
      told.push([person, code]);
    }
    // The others come second, and may be told that it was done already; but nobody that he may not.
    expect(told[0]).toEqual([rule.may[0], rule.always]);
    expect(told.filter(([, code]) => code && [...refusals(rule), ...faults].includes(code))).toEqual([]);
  });

  it('lets a provider set his own hours where his practice wants it, and nobody else’s (GW-031)', async () => {
    const blocks = own.allWeek();
    const set = async (providerId: string): Promise<string | undefined> =>
      (await own.change('provider', 'setWeeklyHours', { providerId, blocks })).code;
    const off = async (): Promise<string | undefined> => {
      const day = { providerId: own.providerId, date: '2027-06-02', blocks: [] };
      return (await own.change('provider', 'overrideDay', day)).code;
    };
    const allow = (keepsOwnHours: boolean) =>
      own.done('admin', 'updateProvider', { providerId: own.providerId, keepsOwnHours });
    await allow(true);
    expect([await set(own.providerId), await off()]).toEqual([undefined, undefined]);
    expect(await set(own.colleagueId)).toBe('FORBIDDEN');
    await allow(false);
    expect([await set(own.providerId), await off()]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});

/** Everything that the graph tells of the practice. */
async function stateOf(own: OwnPractice, { visit, leaver }: Things): Promise<Record<string, unknown>> {
  const practice = `practiceId: "${own.id}"`;
  const asked: [Person, string, string][] = [
    ['admin', 'practice', `id: "${own.id}"`],
    ['admin', 'providers', `first: 100, ${practice}`],
    ['admin', 'appointmentTypes', `first: 100, ${practice}`],
    ['admin', 'appointments', `first: 100, ${practice}`],
    ['admin', 'patient', `id: "${own.patientId}"`],
    ['admin', 'patient', `id: "${leaver}"`],
    ['admin', 'payment', `id: "${visit.paymentId}"`],
    ['admin', 'notification', `id: "${visit.notificationId}"`],
    ['admin', 'calendarConnection', `providerId: "${own.providerId}"`],
    ['admin', 'memberships', `first: 100, ${practice}`],
    ['admin', 'partnerKeys', `first: 100, ${practice}`],
    ['partner', 'myPatients', ''],
    ['support', 'practices', 'first: 100'],
    ['support', 'featureFlags', ''],
  ];
  const answers = await Promise.all(
    asked.map(async ([person, field, given]) => {
      const type = getNamedType(schema.getQueryType()!.getFields()[field]!.type);
      const nested = { 'Provider.overriddenDays': 'from: "2027-06-01", to: "2027-06-07"' };
      const below = wholeSelection(schema, type, { depth: 3, given: nested });
      const { json, text } = await own.ask(person, `{ ${field}${given ? `(${given})` : ''} ${below} }`);
      if (!json?.data || json.errors) throw new Error(`${field}: ${text.slice(0, 500)}`);
      return [`${field} ${given}`, json.data] as const;
    }),
  );
  return Object.fromEntries(answers);
}

async function seed(world: World, own: OwnPractice): Promise<Things> {
  const from = new Date((await world.now()).getTime() + 10 * 86_400_000);
  const offers = (await own.offers(from, 8)).values();
  const offer = (): string => offers.next().value ?? '';
  const request = (): Promise<string> => own.booked(offer());
  const made = async (person: Person, mutation: string, input: object, type: string): Promise<string> =>
    String((await own.done(person, mutation, input, `... on ${type} { id }`)).id);
  const visit = await request();
  const requests = { toConfirm: await request(), toDecline: await request(), toCancel: await request() };
  await own.done('provider', 'confirmAppointment', { appointmentId: visit });
  const key = { practiceId: own.id, name: 'Old', scopes: ['appointments:read'] };
  return {
    own,
    visit: { id: visit, ...(await settledVisit(own, visit)) },
    ...requests,
    held: held(await own.hold('nobody', offer())),
    patientsHold: String((await own.hold('patient', offer())).id),
    freeOffer: offer(),
    laterOffer: offer(),
    leaver: await made('staff', 'registerPatient', own.registration(), 'Patient'),
    membershipId: await made('admin', 'grantMembership', own.membership('leaving', 'STAFF'), 'Membership'),
    partnerKeyId: await made('admin', 'createPartnerKey', key, 'PartnerKey'),
  };
}

interface Seen {
  readonly id: string;
  readonly payment: { readonly id: string; readonly status: string } | null;
  readonly history: readonly { readonly type: string }[];
  readonly notifications: readonly { id: string; status: string; cause: string; recipient: string }[] | null;
}

/** Once all of the practice's requests are paid and told of, and nothing is on its way any more. */
const settledVisit = (own: OwnPractice, id: string): Promise<{ paymentId: string; notificationId: string }> =>
  eventually('all is paid, told and noted', async () => {
    const query = `{ appointments(first: 20, practiceId: "${own.id}") { edges { node {
      id payment { id status } history { type } notifications { id status cause recipient } } } } }`;
    const { json } = await own.ask('staff', query);
    const { appointments } = json?.data as { appointments: { edges: { node: Seen }[] } };
    const seen = appointments.edges.map(({ node }) => node);
    const isSettled = ({ payment, history, notifications }: Seen): boolean => {
      const all = notifications ?? [];
      const noted = history.filter(({ type }) => type === 'notification_sent').length;
      const arrived = all.length > 0 && all.every(({ status }) => status === 'DELIVERED');
      return arrived && noted === all.length && ['HELD', 'CAPTURED'].includes(payment?.status ?? '');
    };
    const visit = seen.find((one) => one.id === id);
    const yes = visit?.notifications?.find(
      ({ cause, recipient }) => cause === 'appointment-confirmed' && recipient === 'PATIENT',
    );
    if (!seen.every(isSettled) || visit?.payment?.status !== 'CAPTURED' || !yes) return undefined;
    return { paymentId: visit.payment.id, notificationId: yes.id };
  });
