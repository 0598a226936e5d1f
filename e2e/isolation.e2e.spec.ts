// Somebody else's appointment reads as absent, whoever asks and by whichever way; and nothing of it can be changed.
import type { SeenAppointment } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { demoPractices } from '../tools/demo/ids.js';
import {
  aKey,
  booked,
  confirmed,
  holdFirst,
  instantVisit,
  openWorld,
  requestedVisit,
  settled,
} from './support/story.js';

/** A patient, a provider of the same practice who is not seen, the other practice's people, and nobody. */
const strangers = ['patient2', 'provider3', 'provider5', 'staff2', 'admin2', undefined] as const;

const changes = {
  confirmAppointment: {},
  declineAppointment: { reason: 'Not mine to decline.' },
  cancelAppointment: { reason: 'Not mine to cancel.' },
  retryAppointmentPayment: { paymentMethodId: 'pm_card_visa' },
  rescheduleAppointment: { offer: 'none-of-mine' },
};

describe.each(strangers)('an appointment of somebody else, to %s', (stranger) => {
  let world: World;
  let instant: SeenAppointment;
  let request: SeenAppointment;
  let notificationId: string;
  beforeAll(async () => {
    world = openWorld();
    const known = await shared(world);
    [instant, request, notificationId] = [known.instant, known.request, known.notificationId];
  });
  afterAll(() => world.close());

  const read = async (query: string, id: string): Promise<unknown> => {
    const { data } = await world.as(stranger).answer<{ found: unknown }>(query, { id });
    return data?.found ?? null;
  };

  it('is absent, and so are its payment, its messages and its patient', async () => {
    expect(await world.see(stranger ?? '', instant.id)).toBeNull();
    expect(
      await read('query Read($id: ID!) { found: payment(id: $id) { id status } }', instant.payment!.id),
    ).toBeNull();
    expect(
      await read('query Read($id: ID!) { found: notification(id: $id) { id } }', notificationId),
    ).toBeNull();
    expect(
      await read('query Read($id: ID!) { found: patient(id: $id) { id email } }', world.patientOf('patient')),
    ).toBeNull();
  });

  it('is in none of the lists, whichever filter is tried', async () => {
    const filters = [{ practiceId: demoPractices.riverside }, { patientId: world.patientOf('patient') }, {}];
    for (const filter of filters) {
      const query = `query List($practiceId: ID, $patientId: ID) {
        appointments(first: 100, practiceId: $practiceId, patientId: $patientId) { edges { node { id } } }
      }`;
      const { data } = await world
        .as(stranger)
        .answer<{ appointments: { edges: { node: { id: string } }[] } }>(query, filter);
      const ids = data?.appointments.edges.map(({ node }) => node.id) ?? [];
      expect(ids).not.toContain(instant.id);
      expect(ids).not.toContain(request.id);
    }
  });

  it.each(Object.entries(changes))(
    'cannot be changed: %s answers that there is none',
    async (mutation, over) => {
      for (const { id } of [instant, request]) {
        const outcome = await refused(() => world.act(stranger ?? '', mutation, id, over, aKey()));
        expect(['APPOINTMENT_NOT_FOUND', 'UNAUTHENTICATED']).toContain(outcome);
      }
    },
  );

  it('has a payment that cannot be refunded, and messages that cannot be sent again', async () => {
    const refund = { paymentId: instant.payment!.id, amountMinor: 100, reason: 'Not mine to give.' };
    const refunded = await refused(() => world.mutate(stranger, 'refundPayment', refund, '', aKey()));
    expect(['PAYMENT_NOT_FOUND', 'UNAUTHENTICATED', 'FORBIDDEN']).toContain(refunded);
    const resent = await refused(() =>
      world.mutate(stranger, 'resendNotification', { notificationId }, '', aKey()),
    );
    expect(['NOTIFICATION_NOT_FOUND', 'UNAUTHENTICATED']).toContain(resent);
  });

  it('is unchanged after all that', async () => {
    expect(await world.see('staff', instant.id)).toEqual(instant);
    expect(await world.see('staff', request.id)).toEqual(request);
  });
});

describe('an appointment’s own people', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('find it, its payment, its messages and its patient by their ids', async () => {
    const { instant, notificationId } = await shared(world);
    const query = `query Own($id: ID!, $payment: ID!, $message: ID!, $patient: ID!) {
      appointment(id: $id) { id } payment(id: $payment) { id } notification(id: $message) { id } patient(id: $patient) { id }
    }`;
    const patient = world.patientOf('patient');
    const ids = { id: instant.id, payment: instant.payment!.id, message: notificationId, patient };
    expect(await world.as('staff').request(query, ids)).toEqual({
      appointment: { id: ids.id },
      payment: { id: ids.payment },
      notification: { id: ids.message },
      patient: { id: patient },
    });
    const own =
      'query Own($id: ID!, $payment: ID!) { appointment(id: $id) { id } payment(id: $payment) { id } }';
    expect(await world.as('patient').request(own, ids)).toEqual({
      appointment: { id: ids.id },
      payment: { id: ids.payment },
    });
  });

  it('are alone in booking for their patient', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const over = { holdToken: hold.holdToken, patientId: world.patientOf('patient') };
    expect(await world.book('patient2', hold.holdId, over)).toMatchObject({ code: 'PATIENT_NOT_FOUND' });
  });

  it('are told what is theirs: the patient neither the trail nor what went to the provider', async () => {
    const { instant } = await shared(world);
    const query =
      'query Trail($id: ID!) { appointment(id: $id) { history { type } notifications { recipient } } }';
    const trail = async (login: string) => {
      const { appointment } = await world.as(login).request<{
        appointment: { history: object[] | null; notifications: { recipient: string }[] };
      }>(query, { id: instant.id });
      return {
        trail: appointment.history !== null,
        told: [...new Set(appointment.notifications.map(({ recipient }) => recipient))].sort(),
      };
    };
    expect(await trail('patient')).toEqual({ trail: false, told: ['PATIENT'] });
    expect(await trail('staff')).toEqual({ trail: true, told: ['PATIENT', 'PROVIDER'] });
    expect(await trail('provider')).toMatchObject({ trail: true });
  });
});

/** The code with which it is refused, as a refusal or as an error; null when it was done. */
async function refused(act: () => Promise<{ code?: string }>): Promise<string | null> {
  try {
    return (await act()).code ?? null;
  } catch (error) {
    const { errors } = error as { errors?: { extensions?: { code?: string } }[] };
    return errors?.[0]?.extensions?.code ?? String(error);
  }
}

interface Shared {
  readonly instant: SeenAppointment;
  readonly request: SeenAppointment;
  readonly notificationId: string;
}
let made: Promise<Shared> | undefined;

/** One confirmed appointment and one request of the first patient, made once for all strangers. */
function shared(world: World): Promise<Shared> {
  return (made ??= make(world));
}

async function make(world: World): Promise<Shared> {
  const { id } = await confirmed(world, 'patient');
  const { id: requestId } = await booked(world, 'patient', requestedVisit);
  const query = 'query Messages($id: ID!) { appointment(id: $id) { notifications { id } } }';
  const { appointment } = await world
    .as('staff')
    .request<{ appointment: { notifications: { id: string }[] } }>(query, { id });
  const [instant, request] = [await settled(world, id), await settled(world, requestId)];
  return { instant, request, notificationId: appointment.notifications[0]!.id };
}
