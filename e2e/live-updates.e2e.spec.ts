// Live updates over a WebSocket: first the present state, then each change, whole with fields of several subgraphs.
import type { GatewayClient } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import { demoId } from '../tools/demo/ids.js';
import { operation } from '../tools/demo/operations.js';
import { booked, confirmed, instantVisit, openWorld, requestedVisit, visitor } from './support/story.js';

interface Change {
  readonly reason: string;
  readonly version: number;
  readonly appointment: {
    readonly id: string;
    readonly status: string;
    readonly provider: { readonly name: string };
    readonly payment: {
      readonly status: string;
      readonly capturedAmount: { readonly amountMinor: number };
    } | null;
    readonly notifications: readonly { readonly cause: string }[] | null;
    readonly calendarEvent: { readonly state: string } | null;
  };
}

const document = operation('WatchAppointments');

const watch = (client: GatewayClient, variables: object) =>
  client.subscribe<{ appointmentChanged: Change }>(document, { ...variables });

const providerId = (login: string): string => demoId('provider', login);

type Watched = ReturnType<typeof watch>;

/** The next changes, up to the one that is wanted. */
async function until(changes: Watched, wanted: (change: Change) => boolean): Promise<Change[]> {
  const seen: Change[] = [];
  for (;;) {
    const next = await changes.next();
    if (next.done) throw new Error(`The stream ended: ${JSON.stringify(seen)}`);
    seen.push(next.value.appointmentChanged);
    if (wanted(next.value.appointmentChanged)) return seen;
  }
}

const isPaid = ({ appointment }: Change): boolean =>
  appointment.status === 'CONFIRMED' && appointment.payment?.status === 'CAPTURED';

describe('appointmentChanged', () => {
  let world: World;
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  it('shows a request as it is, then confirmed, then paid, with fields of several subgraphs (GW-005)', async () => {
    const { id } = await booked(world, 'patient', requestedVisit);
    await world.until(
      'staff',
      id,
      'the provider is asked',
      ({ status }) => status === 'PENDING_CONFIRMATION',
    );
    const changes = watch(world.as('patient'), { appointmentId: id });
    const [snapshot] = await until(changes, () => true);
    expect(snapshot).toMatchObject({
      reason: 'SNAPSHOT',
      appointment: {
        id,
        status: 'PENDING_CONFIRMATION',
        provider: { name: 'Dr. Samuel Okafor' },
        payment: { status: 'HELD' },
      },
    });

    await world.act('provider2', 'confirmAppointment', id);
    const seen = await until(changes, isPaid);
    expect(seen.every(({ reason }) => reason === 'CHANGED')).toBe(true);
    const versions = [snapshot!, ...seen].map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    expect(seen.at(-1)?.appointment.payment?.capturedAmount.amountMinor).toBe(12_000);
    const told = await until(
      changes,
      ({ appointment }) =>
        appointment.notifications?.some(({ cause }) => cause === 'appointment-confirmed') ?? false,
    );
    expect(told.at(-1)?.appointment.calendarEvent).toEqual({ state: 'NOT_APPLICABLE' });
    await changes.return?.();
  });

  it('shows a provider each new booking of his own, and its end', async () => {
    const changes = watch(world.as('provider'), { providerId: providerId('provider') });
    const { id } = await booked(world, 'patient2', instantVisit);
    const seen = await until(changes, (change) => change.appointment.id === id && isPaid(change));
    expect(seen.every(({ appointment }) => appointment.provider.name === 'Dr. Amelia Chen')).toBe(true);
    await world.act('patient2', 'cancelAppointment', id);
    await until(
      changes,
      ({ appointment }) => appointment.id === id && appointment.status === 'CANCELLED_PATIENT',
    );
    await changes.return?.();
  });

  it.each(['patient2', 'provider3', 'staff2', undefined])(
    'tells %s nothing of somebody else’s appointment',
    async (stranger) => {
      const { id } = await confirmed(world, 'patient');
      const client = stranger ? world.as(stranger) : visitor();
      const changes = watch(client, { appointmentId: id });
      await expect(changes.next()).rejects.toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'appointmentId' }] } },
      ]);
      await client.close();
    },
  );

  it('tells a stranger nothing of a provider’s bookings', async () => {
    const theirs = watch(world.as('provider5'), { providerId: providerId('provider') });
    const heard: Change[] = [];
    const listening = (async () => {
      for await (const { appointmentChanged } of theirs) heard.push(appointmentChanged);
    })().catch(() => undefined);
    const changes = watch(world.as('provider'), { providerId: providerId('provider') });
    const { id } = await booked(world, 'patient3', instantVisit);
    await until(changes, (change) => change.appointment.id === id && isPaid(change));
    await changes.return?.();
    await world.close();
    await listening;
    expect(heard).toEqual([]);
  });

  it('refuses to watch nothing, or more than one thing', async () => {
    for (const variables of [
      {},
      { appointmentId: providerId('provider'), providerId: providerId('provider') },
    ]) {
      const changes = watch(world.as('staff'), variables);
      await expect(changes.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });
});
