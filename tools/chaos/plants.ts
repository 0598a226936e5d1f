// The mistakes that are planted, each with the invariant that must see it and the least that brings it out.
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@caregraph/testing';
import type { World } from '../demo/world.js';
import type { Clinic, Known } from './clinic.js';
import { raceAgainstDeadline } from './deadline-race.js';
import type { Nemesis } from './nemesis.js';
import { known, patientIdOf, type Visit } from './people.js';
import { race } from './races.js';
import { strangersTo } from './random-load.js';

export interface Stage {
  readonly world: World;
  readonly clinic: Clinic;
  readonly nemesis: Nemesis;
  /** How many mistakes were planted before: times of day differ by it. */
  readonly round: number;
}

export interface Plant {
  /** As in the call of `planted`. */
  readonly name: string;
  readonly invariant: string;
  /** What its violation says. */
  readonly says: RegExp;
  /** The apps that make the mistake. */
  readonly victims: readonly string[];
  readonly play: (stage: Stage) => Promise<void>;
}

const { firstVisit: instant, requestedVisit: asked } = known;

export const plants: readonly Plant[] = [
  {
    name: 'claim-unguarded',
    invariant: 'I1',
    says: /appointments and holds of .* overlap/,
    victims: ['booking'],
    play: async ({ clinic }) => {
      // The look and the insert lie close together: one race may miss the moment between them.
      for (const round of [0, 1, 2]) await race(clinic, 'one-slot', round);
    },
  },
  {
    name: 'hold-never-ends',
    invariant: 'I2',
    says: /ACTIVE after its end/,
    victims: ['booking'],
    play: async ({ clinic, world }) => {
      await held(clinic, instant);
      await world.advance({ minutes: 6 });
      await pause(2_000);
    },
  },
  {
    name: 'expiry-unguarded',
    invariant: 'I3',
    says: /had left it|follows v/,
    victims: ['booking'],
    play: async ({ clinic, world }) => {
      // Calling off has no deadline: it may come between the look and the writing of what ends the request.
      for (const from of [400, 150])
        await raceAgainstDeadline(world, clinic, { from, mutations: ['cancelAppointment'] });
    },
  },
  {
    name: 'capture-unconfirmed',
    invariant: 'I4',
    says: /never was CONFIRMED/,
    victims: ['payments'],
    play: async ({ clinic }) => {
      const id = await booked(clinic, asked);
      await clinic.untilStatus('patient', id, 'PENDING_CONFIRMATION');
      await clinic.act(asked.provider, 'declineAppointment', id);
    },
  },
  {
    name: 'order-key-with-clock',
    invariant: 'I5',
    says: /was made 2 times/,
    victims: ['payments'],
    play: async ({ clinic, world }) => {
      const id = await paid(clinic, world);
      // More often than the SDK asks again by itself under one key.
      await fault(world, '/v1/refunds', 'reset-after-effect', 3);
      // Else the processor's own news settles the refund before it is asked for again.
      await world.sandbox('POST', '/_sandbox/webhooks/stripe', { mode: 'hold' });
      await clinic.refund('staff', id, 1_000);
      await eventually('the refund is made again', async () =>
        (await world.ledger(id)).refunds.length > 1 ? true : undefined,
      ).catch(() => undefined);
    },
  },
  {
    name: 'silence-taken-for-no',
    invariant: 'I6',
    says: /2 mails of/,
    victims: ['notifications'],
    play: async ({ clinic, world }) => {
      await world.sandbox('POST', '/_sandbox/webhooks/sendgrid', { mode: 'hold' });
      await fault(world, '/v3/mail/send', '500-after-effect', 1);
      const id = await booked(clinic, instant);
      await eventually('the mail was sent again', async () =>
        (await world.ledger(id)).mails.length > 2 ? true : undefined,
      ).catch(() => undefined);
      await world.sandbox('POST', '/_sandbox/webhooks/release', {});
    },
  },
  {
    name: 'audit-skipped',
    invariant: 'I7',
    says: /has 0 audit entries/,
    victims: ['booking'],
    play: async ({ clinic }) => {
      await booked(clinic, instant);
    },
  },
  {
    name: 'event-after-commit',
    invariant: 'I7',
    says: /has 0 events/,
    victims: ['booking'],
    play: async ({ clinic, nemesis }) => {
      await booked(clinic, instant);
      await nemesis.strike({ at: 0, kind: 'kill', victim: 'booking', rewind: 0 });
    },
  },
  {
    name: 'inbox-unchecked',
    invariant: 'I7',
    says: /noted \d+ times/,
    victims: ['booking'],
    play: async ({ clinic, nemesis, world }) => {
      await paid(clinic, world);
      await nemesis.strike({ at: 0, kind: 'kill', victim: 'booking', rewind: 10 });
    },
  },
  {
    name: 'reminder-unchecked',
    invariant: 'I8',
    says: /when it was not on/,
    victims: ['notifications'],
    play: async ({ clinic, world }) => {
      const id = await paid(clinic, world);
      await clinic.act('staff', 'cancelAppointment', id);
      await pause(1_000);
      await world.advance({ hours: 30 });
      await pause(2_000);
    },
  },
  {
    name: 'calendar-assumed',
    invariant: 'I9',
    says: /calendar event is PENDING/,
    victims: ['calendar-sync'],
    play: async ({ clinic, world }) => {
      await paid(clinic, world);
    },
  },
  {
    name: 'visibility-unchecked',
    invariant: 'I10',
    says: /was shown appointment/,
    victims: ['booking'],
    play: async ({ clinic }) => {
      const id = await booked(clinic, instant);
      const one: Known = { id, visit: instant, booker: 'patient' };
      for (const stranger of strangersTo(one).slice(0, 3)) await clinic.read(stranger, id);
    },
  },
  {
    name: 'idempotency-key-ignored',
    invariant: 'C3',
    says: /and then/,
    victims: ['booking'],
    play: ({ clinic, round }) => race(clinic, 'same-key', round),
  },
];

async function held(clinic: Clinic, visit: Visit) {
  const visitor = clinic.visitor();
  // Between one day and two ahead: far enough for a reminder, and near enough to come to it.
  const times = await clinic.freeTimes(visitor, visit, { fromHours: 28, toHours: 28 + 5 * 24 });
  // A mistake that was planted before may have kept from scheduling that a time is taken.
  for (const { offer } of times.slice(0, 20)) {
    const hold = await clinic.hold(visitor, offer);
    if (hold.outcome === 'accepted' && hold.data) return hold.data.outcome;
  }
  throw new Error('None of the free times could be held.');
}

async function booked(clinic: Clinic, visit: Visit): Promise<string> {
  const wish = { patientId: patientIdOf('patient'), card: 'pm_card_visa' };
  const booking = await clinic.book('patient', visit, await held(clinic, visit), wish);
  const id = booking.outcome === 'accepted' ? booking.data?.outcome.id : undefined;
  if (id === undefined) throw new Error(`The booking was not taken: ${String(booking.code)}.`);
  return id;
}

/** Confirmed, and the money is taken. */
async function paid(clinic: Clinic, world: World): Promise<string> {
  const id = await booked(clinic, instant);
  await clinic.untilStatus('patient', id, 'CONFIRMED');
  await eventually(`${id} is paid`, async () =>
    (await world.see('staff', id))?.payment?.status === 'CAPTURED' ? true : undefined,
  );
  return id;
}

const fault = (world: World, path: string, kind: string, times: number): Promise<unknown> =>
  world.sandbox('POST', '/_sandbox/faults', { method: 'POST', path, kind, times });
