import { randomUUID } from 'node:crypto';
import { graphql, type GraphQLSchema } from 'graphql';
import { appointmentUpdated, type AppointmentState } from '@caregraph/contracts';
import { systemViewer, type Viewer } from '@caregraph/runtime';
import { buildSubgraph } from '@caregraph/subgraph';
import { schemaParts } from '../schema.js';
import { newAppointment, SpecApp } from '../spec-app.js';
import { Story } from '../spec-story.js';

const app = new SpecApp();
const story = new Story(app);
let schema: GraphQLSchema;
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
  ({ schema } = await buildSubgraph(schemaParts));
}, 60_000);
afterAll(() => app.close());

const person = (account: string, ...memberships: Viewer['memberships']): Viewer => ({
  ...systemViewer,
  account,
  memberships,
});
const viewersOf = ({ practiceId, accounts, providerAccount }: AppointmentState) => ({
  patient: person(accounts[0] ?? ''),
  provider: person(providerAccount ?? ''),
  staff: person('demo|desk', { practiceId, role: 'staff' }),
  support: person('demo|support', { practiceId: null, role: 'support' }),
  stranger: person('demo|somebody-else', { practiceId: randomUUID(), role: 'admin' }),
  nobody: { ...systemViewer, memberships: [] },
});

async function ask(viewer: Viewer, source: string, variables: object = {}): Promise<Record<string, unknown>> {
  const { data, errors } = await graphql({
    schema,
    source,
    variableValues: { ...variables },
    contextValue: app.deps({ viewer }),
  });
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

const throughAppointment = `query ($appointments: [_Any!]!) {
  _entities(representations: $appointments) { ... on Appointment { payment { status platformFee { amountMinor } nextAction { clientSecret } } } }
}`;

async function seenOf(viewer: Viewer, ...appointments: AppointmentState[]): Promise<unknown> {
  const representations = appointments.map(({ appointmentId: id }) => ({ __typename: 'Appointment', id }));
  const { _entities } = await ask(viewer, throughAppointment, { appointments: representations });
  return _entities;
}

describe("an appointment's payment", () => {
  it('is seen by the patient, the provider, the desk and support, and by nobody else', async () => {
    const appointment = await story.held();
    const { id } = await app.payment(appointment);
    const { patient, provider, staff, support, stranger, nobody } = viewersOf(appointment);
    for (const viewer of [patient, provider, staff, support]) {
      expect(await seenOf(viewer, appointment)).toMatchObject([{ payment: { status: 'HELD' } }]);
      expect(await ask(viewer, `{ payment(id: "${id}") { status } }`)).toEqual({
        payment: { status: 'HELD' },
      });
    }
    for (const viewer of [stranger, nobody]) {
      expect(await seenOf(viewer, appointment)).toEqual([null]);
      expect(await ask(viewer, `{ payment(id: "${id}") { status } }`)).toEqual({ payment: null });
    }
  });

  it('shows the platform fee to the provider and the practice, and not to the patient (PY-008)', async () => {
    const appointment = await story.held();
    const { patient, provider, staff } = viewersOf(appointment);
    expect(await seenOf(patient, appointment)).toMatchObject([{ payment: { platformFee: null } }]);
    for (const viewer of [provider, staff]) {
      expect(await seenOf(viewer, appointment)).toMatchObject([
        { payment: { platformFee: { amountMinor: 1_350 } } },
      ]);
    }
  });

  it("shows the secret with which the bank is answered to the patient's own accounts alone", async () => {
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_threeDSecure2Required');
    await story.becomes(appointment, 'ACTION_REQUIRED');
    const { patient, provider, staff, support } = viewersOf(appointment);
    const [intent] = await story.intents(appointment);
    expect(await seenOf(patient, appointment)).toMatchObject([
      {
        payment: {
          nextAction: { clientSecret: expect.stringMatching(`^${intent?.id ?? ''}_secret_`) as string },
        },
      },
    ]);
    for (const viewer of [provider, staff, support]) {
      expect(await seenOf(viewer, appointment)).toMatchObject([{ payment: { nextAction: null } }]);
    }
  });

  it('is null where nothing is due, and the appointment is null where payments has not heard of it', async () => {
    const free = newAppointment({ price: { amountMinor: 0, currency: 'USD' } });
    await story.request(free);
    const { staff } = viewersOf(free);
    expect(await seenOf(staff, free, newAppointment())).toEqual([{ payment: null }, null]);
  });

  it('follows who may see the appointment, and an older event changes nothing', async () => {
    const appointment = newAppointment({ version: 5 });
    await story.request(appointment, null);
    const guardian = person('demo|guardian');
    expect(await seenOf(guardian, appointment)).toEqual([null]);
    await app.hear(appointmentUpdated.of({ ...appointment, version: 6, accounts: ['demo|guardian'] }));
    await app.hear(appointmentUpdated.of({ ...appointment, version: 5 }));
    expect(await seenOf(guardian, appointment)).toEqual([{ payment: null }]);
    expect(await seenOf(viewersOf(appointment).patient, appointment)).toEqual([null]);
  });

  it('shows money in minor units with its currency, and its refunds (PY-004)', async () => {
    const appointment = await story.captured();
    await story.cancel(appointment, 2_500);
    await story.becomes(appointment, 'PARTIALLY_REFUNDED');
    const { id } = await app.payment(appointment);
    const money = '{ amountMinor currency }';
    const query = `{ payment(id: "${id}") { amount ${money} capturedAmount ${money} refundedAmount ${money}
      refunds { status initiatedBy amount ${money} } } }`;
    const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
    expect(await ask(viewersOf(appointment).patient, query)).toEqual({
      payment: {
        amount: usd(12_000),
        capturedAmount: usd(12_000),
        refundedAmount: usd(3_000),
        refunds: [{ status: 'SUCCEEDED', initiatedBy: 'PATIENT', amount: usd(3_000) }],
      },
    });
  });
});

describe('paymentConfig', () => {
  it("tells anybody the processor's publishable key, and no other", async () => {
    const { nobody } = viewersOf(newAppointment());
    expect(await ask(nobody, '{ paymentConfig { publishableKey } }')).toEqual({
      paymentConfig: { publishableKey: 'pk_test_spec' },
    });
  });
});
