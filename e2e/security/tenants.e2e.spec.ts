// Check 14: nothing of one practice's people reaches another's, by whichever query or subscription. The operations are
// made from the composed schema; one that is not in the reviewed lists below fails the spec.
import { randomUUID } from 'node:crypto';
import { getNamedType } from 'graphql';
import { eventually } from '@caregraph/testing';
import type { World } from '../../tools/demo/world.js';
import { demoId, demoPractices } from '../../tools/demo/ids.js';
import { composedSchema } from '../support/composed-schema.js';
import { demoToken } from '../support/demo-token.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { askGraph } from '../support/raw-http.js';
import { aKey, booked, instantVisit, openWorld, settled, untilConfirmed } from '../support/story.js';
import { wholeSelection, type NestedArguments } from '../support/whole-selection.js';

/** Stands in every text that a person of the first practice gives. */
const canary = `Canary${randomUUID().slice(0, 8)}`;

/** Of the first practice. */
interface Seeded {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly paymentId: string;
  readonly notificationId: string;
  /** Who booked it for himself; the first is named by the canary, and never came. */
  readonly bookerId: string;
}

const provider = demoId('provider', 'provider');
const type = demoId('appointment-type', 'first-visit');
const from = '2027-01-04T00:00:00Z';
const to = '2027-01-11T00:00:00Z';

/** Reviewed: how a stranger would ask each query for what is the first practice's. */
const queries: Readonly<Record<string, (seeded: Seeded) => readonly string[]>> = {
  appointment: ({ appointmentId }) => [`id: "${appointmentId}"`],
  appointments: ({ patientId, bookerId }) => [
    'first: 20',
    `first: 20, practiceId: "${demoPractices.riverside}"`,
    `first: 20, providerId: "${provider}"`,
    `first: 20, patientId: "${patientId}"`,
    `first: 100, patientId: "${bookerId}"`,
    'first: 20, statuses: [CONFIRMED, CANCELLED_PATIENT]',
  ],
  patient: ({ patientId }) => [`id: "${patientId}"`],
  myPatients: () => [''],
  calendarConnection: () => [`providerId: "${provider}"`],
  notification: ({ notificationId }) => [`id: "${notificationId}"`],
  payment: ({ paymentId }) => [`id: "${paymentId}"`],
  paymentConfig: () => [''],
  memberships: () => [`practiceId: "${demoPractices.riverside}"`, 'first: 5'],
  myMemberships: () => [''],
  partnerKeys: () => [`practiceId: "${demoPractices.riverside}"`],
  featureFlags: () => [''],
  featureFlag: () => [`key: "none", providerId: "${provider}"`],
  // What a practice offers is for everybody to see; who comes there is not.
  appointmentType: () => [`id: "${type}"`],
  appointmentTypes: () => [`first: 5, practiceId: "${demoPractices.riverside}"`],
  availability: () => [
    `appointmentTypeId: "${type}", first: 3, providerIds: ["${provider}"], from: "${from}", to: "${to}"`,
  ],
  location: () => [`id: "${demoId('location', 'riverside-main')}"`],
  practice: () => [`id: "${demoPractices.riverside}"`],
  practices: () => ['first: 5'],
  provider: () => [`id: "${provider}"`],
  providers: () => [`first: 5, practiceId: "${demoPractices.riverside}"`],
};
/** Reviewed: what it answers changes with bookings, and everybody may see that. */
const changing = ['availability'];
const nested: NestedArguments = { 'Provider.overriddenDays': 'from: "2027-01-04", to: "2027-01-11"' };

/** Reviewed likewise. */
const subscriptions: Readonly<Record<string, (seeded: Seeded) => readonly string[]>> = {
  appointmentChanged: ({ appointmentId }) => [
    `appointmentId: "${appointmentId}"`,
    `providerId: "${provider}"`,
    `practiceId: "${demoPractices.riverside}"`,
  ],
};

const strangers = ['staff2', 'admin2', 'provider5', 'patient2', undefined] as const;

const schema = composedSchema();
const queryFields = Object.values(schema.getQueryType()?.getFields() ?? {});
const subscriptionFields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
const nothing: Seeded = {
  appointmentId: randomUUID(),
  patientId: randomUUID(),
  paymentId: randomUUID(),
  notificationId: randomUUID(),
  bookerId: randomUUID(),
};

describe('a person of another practice', () => {
  let gateway: ProductionGateway;
  let world: World;
  let seeded: Seeded;
  const tokens = new Map<string, string>();
  /** What each stranger was answered before there was anything, by login and operation. */
  const before = new Map<string, string>();

  beforeAll(async () => {
    world = openWorld();
    // A question for everything is dearer than any client's; what it costs is not what is asked about here.
    const dear = '1000000000';
    gateway = await startProductionGateway({
      OPERATION_COST_LIMIT: dear,
      OPERATION_COST_LIMIT_ANONYMOUS: dear,
      OPERATION_COST_LIMIT_STAFF: dear,
      OPERATION_COST_LIMIT_PARTNER: dear,
      RATE_LIMIT_CALLER: dear,
      RATE_LIMIT_ADDRESS: dear,
    });
    for (const login of [...strangers, 'staff'])
      if (login) tokens.set(login, await demoToken({ login, mfa: true }));
    for (const stranger of strangers)
      for (const [operation, text] of operations(nothing))
        before.set(`${stranger ?? ''} ${operation}`, await answered(stranger, text));
    seeded = await seed(world);
  }, 240_000);
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  /** The answer of data alone: ids in arguments stand in no answer unless it shows them. */
  const answered = async (login: string | undefined, text: string): Promise<string> => {
    const token = login === undefined ? undefined : tokens.get(login);
    const { json, text: said, status } = await askGraph(gateway.url, text, { token });
    if (status >= 500 || status === 400) throw new Error(`${text.slice(0, 200)}: ${said.slice(0, 500)}`);
    return JSON.stringify(json?.data ?? null);
  };

  it('can ask nothing that was not reviewed', () => {
    const missing = (fields: readonly { name: string }[], reviewed: object): string[] =>
      fields.map(({ name }) => name).filter((name) => !(name in reviewed));
    expect(missing(queryFields, queries)).toEqual([]);
    expect(missing(subscriptionFields, subscriptions)).toEqual([]);
  });

  it('asks for what is there: the practice’s own desk is shown the canary by the same operations', async () => {
    const seen: string[] = [];
    for (const [operation, text] of operations(seeded))
      if ((await answered('staff', text)).includes(canary)) seen.push(operation.split('(')[0] ?? '');
    expect([...new Set(seen)].sort()).toEqual(['appointment', 'appointments', 'patient']);
  });

  it.each(strangers)('is shown nothing of it and counts nothing of it: %s', async (stranger) => {
    for (const [operation, text] of operations(seeded)) {
      const answer = await answered(stranger, text);
      expect([operation, answer.includes(canary)]).toEqual([operation, false]);
      for (const id of Object.values(seeded) as string[])
        expect([operation, answer.includes(id)]).toEqual([operation, false]);
      // Not even that there is one more, or how many pages there are now.
      if (!changing.some((name) => operation.startsWith(name)))
        expect([operation, answer]).toEqual([
          operation,
          before.get(`${stranger ?? ''} ${operationOf(operation)}`),
        ]);
    }
  });

  it.each(strangers)('hears nothing of it: %s', async (stranger) => {
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.initAs(stranger === undefined ? undefined : tokens.get(stranger));
    for (const field of subscriptionFields)
      for (const given of subscriptions[field.name]?.(seeded) ?? [])
        socket.begin(`subscription { ${field.name}(${given}) ${below(field.type)} }`);
    const own = await LiveSocket.open(gateway.subscriptions);
    await own.initAs(tokens.get('staff'));
    const watched = own.begin(
      `subscription { appointmentChanged(appointmentId: "${seeded.appointmentId}") { reason version appointment { patientNotes } } }`,
    );
    await own.until(watched, ({ type: said }) => said === 'next');
    // Something happens to it that the desk hears of.
    const contact = { patientId: seeded.patientId, mobile: '+12075550199' };
    await world.mutate('staff', 'updatePatientContact', contact, '', aKey());
    await eventually('the desk is told', () =>
      own.heard.some((said) => JSON.stringify(said).includes(canary)) ? true : undefined,
    );
    // What another story does for a stranger who is a patient of this practice too, is his to hear.
    const heard = JSON.stringify(socket.heard.filter(({ type: said }) => said === 'next'));
    for (const secret of [canary, ...(Object.values(seeded) as string[])])
      expect(heard).not.toContain(secret);
    socket.close();
    own.close();
  });

  const below = (answer: Parameters<typeof getNamedType>[0]): string =>
    wholeSelection(schema, getNamedType(answer)!, { depth: 3, given: nested });
  /** Each query with each of its reviewed arguments. */
  const operations = (of: Seeded): [operation: string, text: string][] =>
    queryFields.flatMap((field) =>
      (queries[field.name]?.(of) ?? []).map((given): [string, string] => {
        const called = `${field.name}${given === '' ? '' : `(${given})`}`;
        return [called, `{ ${called} ${below(field.type)} }`];
      }),
    );
  const operationOf = (operation: string): string => {
    let plain = operation;
    for (const [name, id] of Object.entries(seeded))
      plain = plain.replaceAll(id as string, nothing[name as keyof Seeded]);
    return plain;
  };
});

/** A patient of the first practice with a visit that is paid, cancelled and told of, every text of it marked. */
async function seed(world: World): Promise<Seeded> {
  const { id: patientId = '' } = await world.mutate(
    'staff',
    'registerPatient',
    {
      practiceId: demoPractices.riverside,
      firstName: canary,
      lastName: canary,
      email: `${canary.toLowerCase()}@example.test`,
      mobile: '+12075550188',
      textConsent: true,
    },
    '... on Patient { id }',
    aKey(),
  );
  const { id } = await booked(world, 'patient', instantVisit, { notes: `${canary} notes` });
  await untilConfirmed(world, 'patient', id);
  const seen = await settled(world, id);
  const { appointment } = await world
    .as('staff')
    .request<{ appointment: { notifications: { id: string }[] } }>(
      'query Messages($id: ID!) { appointment(id: $id) { notifications { id } } }',
      { id },
    );
  return {
    appointmentId: id,
    patientId,
    paymentId: seen.payment?.id ?? '',
    notificationId: appointment.notifications[0]?.id ?? '',
    bookerId: world.patientOf('patient'),
  };
}
