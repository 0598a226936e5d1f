// What a provider's screen is told without asking: it subscribes once, and a new request, a visit that its patient moves
// and one that he calls off come to it by themselves.
import { eventually, GatewayClient } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import { demoId } from '../tools/demo/ids.js';
import { booked, openWorld, requestedVisit, stack } from './support/story.js';

interface Shown {
  readonly reason: string;
  readonly version: number;
  readonly appointment: {
    readonly id: string;
    readonly status: string;
    readonly start: string;
    readonly confirmationDeadlineAt: string | null;
    readonly cancellationReason: string | null;
    readonly rescheduleReason: string | null;
    readonly rescheduleCount: number;
    readonly patient: { readonly lastName: string } | null;
  };
}

/** All that the screen ever sends. */
const watch = `subscription Screen($providerId: ID!) {
  appointmentChanged(providerId: $providerId) {
    reason version
    appointment {
      id status start confirmationDeadlineAt cancellationReason rescheduleReason rescheduleCount patient { lastName }
    }
  }
}`;

/** Keeps what it is pushed. */
class Screen {
  private readonly pushed: Shown[] = [];
  private readonly client: GatewayClient;
  private lost: unknown;

  constructor(login: string) {
    const { graphql, subscriptions, logins } = stack.describe();
    this.client = new GatewayClient({ graphql, subscriptions }, logins[login]?.token);
    void this.listen(demoId('provider', login)).catch((cause: unknown) => (this.lost = cause));
  }

  private async listen(providerId: string): Promise<void> {
    const changes = this.client.subscribe<{ appointmentChanged: Shown }>(watch, { providerId });
    for await (const { appointmentChanged } of changes) this.pushed.push(appointmentChanged);
  }

  of = (id: string): Shown[] => this.pushed.filter(({ appointment }) => appointment.id === id);

  /** The first push of an appointment that is as wanted. */
  shows(what: string, id: string, wanted: (one: Shown['appointment']) => boolean): Promise<Shown> {
    return eventually(what, () => {
      if (this.lost) throw new Error('The screen was cut off.', { cause: this.lost });
      return this.of(id).find(({ appointment }) => wanted(appointment));
    });
  }

  close = (): Promise<void> => this.client.close();
}

describe('a provider’s screen', () => {
  let world: World;
  let screen: Screen;
  beforeEach(() => {
    world = openWorld();
    screen = new Screen('provider2');
  });
  afterEach(async () => {
    await screen.close();
    await world.close();
  });

  const requested = async (): Promise<{ id: string; start: string }> => {
    const { id, slot } = await booked(world, 'patient', requestedVisit);
    const { reason, appointment } = await screen.shows(
      'the new request',
      id,
      ({ status }) => status === 'PENDING_CONFIRMATION',
    );
    expect(reason).toBe('CHANGED');
    expect(appointment).toMatchObject({ patient: { lastName: 'Torres' }, rescheduleCount: 0 });
    expect(new Date(appointment.start)).toEqual(new Date(slot.start));
    expect(appointment.confirmationDeadlineAt).not.toBeNull();
    return { id, start: slot.start };
  };

  it('is told of a new request, and that its patient has called it off, and why', async () => {
    const { id } = await requested();
    await world.act('patient', 'cancelAppointment', id, { reason: 'I am well again.' });
    const { reason, appointment } = await screen.shows(
      'the cancellation',
      id,
      ({ status }) => status === 'CANCELLED_PATIENT',
    );
    expect([reason, appointment.cancellationReason]).toEqual(['CHANGED', 'I am well again.']);
  });

  it('is told when its patient moves a visit, to when, and why', async () => {
    const { id, start } = await requested();
    await world.act('provider2', 'confirmAppointment', id);
    await screen.shows('its own yes', id, ({ status }) => status === 'CONFIRMED');
    const other = await eventually('another free time', async () =>
      (await world.slots(requestedVisit)).find((slot) => slot.start > start),
    );
    const move = { offer: other.offer, reason: 'I work that day.' };
    expect(await world.act('patient', 'rescheduleAppointment', id, move)).toMatchObject({
      status: 'CONFIRMED',
    });
    const { reason, appointment } = await screen.shows(
      'the move',
      id,
      ({ rescheduleCount }) => rescheduleCount === 1,
    );
    expect(reason).toBe('CHANGED');
    expect(appointment).toMatchObject({ status: 'CONFIRMED', rescheduleReason: 'I work that day.' });
    expect(new Date(appointment.start)).toEqual(new Date(other.start));
    const versions = screen.of(id).map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((one, another) => one - another));
  });
});
