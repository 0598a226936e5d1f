// What the backend has confirmed is what everybody sees: answers, queries and live updates tell the same of the same
// version, and a client that is behind changes nothing before it has seen what there is.
import { eventually } from '@caregraph/testing';
import { told } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import {
  aKey,
  booked,
  confirmed,
  instantVisit,
  openWorld,
  requestedVisit,
  settled,
} from './support/story.js';

/** All that booking itself says of an appointment, to everybody who may see it. */
const facts = `id version status start end mode rescheduleCount rescheduleReason confirmationDeadlineAt paymentHeldAt
  confirmedAt cancelledAt cancellationReason refundBasisPoints location { id } price { amountMinor currency }`;

interface Facts {
  readonly version: number;
  readonly status: string;
  readonly start: string;
}

interface Answer extends Partial<Facts> {
  readonly code?: string;
  /** Of a client that was behind: what there is. */
  readonly appointment?: Facts;
}

interface Change {
  readonly appointmentChanged: { readonly version: number; readonly appointment: Facts };
}

const readers = ['patient', 'provider2', 'staff'] as const;

describe('an appointment', () => {
  let world: World;
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  const read = async (login: string, id: string): Promise<Facts> => {
    const query = `query Facts($id: ID!) { appointment(id: $id) { ${facts} } }`;
    return (await world.as(login).request<{ appointment: Facts }>(query, { id })).appointment;
  };
  const change = async (login: string, mutation: string, input: object): Promise<Answer> => {
    const fields = `... on Appointment { ${facts} } ... on AppointmentOutdated { appointment { ${facts} } }`;
    const { __typename: _type, ...answer } = await world.mutate(login, mutation, input, fields, aKey());
    return answer;
  };
  /** A request that its provider is asked about, and of which everybody was told. */
  const requested = async (): Promise<Facts & { readonly id: string }> => {
    const { id } = await booked(world, 'patient', requestedVisit);
    await world.until('staff', id, 'he is asked', ({ status }) => status === 'PENDING_CONFIRMATION');
    await settled(world, id);
    return { ...(await read('staff', id)), id };
  };

  it('is the same to all who look and listen, and what was answered to who changed it (GW-006)', async () => {
    const { id: appointmentId } = await requested();
    const seen: { who: string; facts: Facts }[] = [];
    const see = (who: string, what: Facts): unknown => seen.push({ who, facts: what });
    const document = `subscription Facts($appointmentId: ID!) {
      appointmentChanged(appointmentId: $appointmentId) { version appointment { ${facts} } } }`;
    const listening = readers.map(async (login) => {
      const changes = world.as(login).subscribe<Change>(document, { appointmentId });
      for await (const { appointmentChanged: heard } of changes) {
        expect(heard.version).toBe(heard.appointment.version);
        see(`${login} listening`, heard.appointment);
      }
    });
    await eventually('all listen', () => (seen.length === readers.length ? true : undefined));

    for (const [login, mutation] of [
      ['provider2', 'confirmAppointment'],
      ['patient', 'cancelAppointment'],
    ] as const) {
      const answer = (await change(login, mutation, { appointmentId })) as Facts;
      see('answer', answer);
      // Whoever asks from now on sees this change, and perhaps one that came after it.
      const found = await Promise.all(readers.map((reader) => read(reader, appointmentId)));
      found.forEach((one) => {
        see('query', one);
        expect(one.version).toBeGreaterThanOrEqual(answer.version);
      });
    }
    await world.until('staff', appointmentId, 'the money is back', ({ payment }) =>
      ['CANCELLED', 'REFUNDED'].includes(payment?.status ?? ''),
    );
    await settled(world, appointmentId);
    const last = await read('staff', appointmentId);
    expect(last.status).toBe('CANCELLED_PATIENT');
    await eventually('who listens has heard the last of it', () =>
      seen.filter(({ who, facts: { version } }) => who.includes('listening') && version === last.version)
        .length >= readers.length
        ? true
        : undefined,
    );
    // One version is one state, whoever tells it and by whichever way.
    for (const { facts: one } of seen) {
      const same = seen.filter(({ facts: { version } }) => version === one.version);
      expect(same.map(({ facts: another }) => another)).toEqual(same.map(() => one));
    }
    for (const login of readers) {
      const versions = seen.filter(({ who }) => who === `${login} listening`).map((one) => one.facts.version);
      expect(versions).toEqual([...versions].sort((one, other) => one - other));
    }
    await world.close();
    await Promise.allSettled(listening);
  });

  it('is not changed by a client that is behind, which is told what there is and may ask again (GW-006)', async () => {
    const { id: appointmentId, slot } = await confirmed(world, 'patient', instantVisit);
    await settled(world, appointmentId);
    const shown = await read('patient', appointmentId);
    // Meanwhile the visit is moved, from another phone.
    const other = await eventually('another free time', async () =>
      (await world.slots(instantVisit)).find(({ start }) => start > slot.end),
    );
    const moved = { appointmentId, offer: other.offer, expectedVersion: shown.version };
    expect(await change('patient', 'rescheduleAppointment', moved)).toMatchObject({ start: other.start });
    await world.until('staff', appointmentId, 'both were told of the move', (one) =>
      (['PATIENT', 'PROVIDER'] as const).every((side) => told(one, 'appointment-rescheduled', side)),
    );
    const before = await settled(world, appointmentId);

    const behind = { appointmentId, expectedVersion: shown.version };
    const refused = await change('patient', 'cancelAppointment', behind);
    expect(refused.code).toBe('APPOINTMENT_OUTDATED');
    expect(refused.appointment).toEqual(await read('staff', appointmentId));
    expect(refused.appointment).toMatchObject({ status: 'CONFIRMED', start: other.start });
    expect(await world.see('staff', appointmentId)).toEqual(before);

    const again = { appointmentId, expectedVersion: refused.appointment?.version };
    expect(await change('patient', 'cancelAppointment', again)).toMatchObject({
      status: 'CANCELLED_PATIENT',
    });
  });

  it('takes one of two answers that were given to the same state, and shows it to the other (GW-006)', async () => {
    const { id: appointmentId, version: expectedVersion } = await requested();
    const input = { appointmentId, expectedVersion };
    const answers = await Promise.all([
      change('provider2', 'confirmAppointment', input),
      change('staff', 'declineAppointment', input),
    ]);
    const done = answers.filter(({ code }) => code === undefined);
    const refused = answers.filter(({ code }) => code === 'APPOINTMENT_OUTDATED');
    expect([done.length, refused.length]).toEqual([1, 1]);
    expect(refused[0]?.appointment?.status).toBe(done[0]?.status);
    expect((await read('patient', appointmentId)).status).toBe(done[0]?.status);
  });
});
