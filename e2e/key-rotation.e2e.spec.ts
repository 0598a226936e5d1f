// Every ring gets a new key and loses its old one while people book, hold, watch and vendors call: nobody notices.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import { demoId } from '../tools/demo/ids.js';
import { readRing, rings, type RingKey } from '../tools/stack/rings.js';
import {
  aKey,
  confirmed,
  expectMoney,
  held,
  holdAsVisitor,
  holdFirst,
  instantVisit,
  openWorld,
  price,
  visitor,
  type Held,
} from './support/story.js';
import { columnsWith } from './support/texts.js';
import { redeliver, stripeEvents } from './support/vendors.js';

const file = process.env.CAREGRAPH_STACK_FILE ?? '';
/** Those that lose their old key; the blind index keeps its own. */
const changing = rings.filter(({ lifetimeSeconds }) => lifetimeSeconds < Infinity);
const ringOf = (name: string): RingKey[] =>
  readRing(
    path.dirname(file),
    rings.find((ring) => ring.name === name)!,
  );
const entry = (name: string, place = 0): string => ringOf(name)[place]![name]!;
const kidOf = (text: string): string => text.slice(0, text.indexOf(':'));

/** The command as an operator types it; throws with what it said when it refuses. */
async function keys(...args: string[]): Promise<string> {
  const program = path.resolve(import.meta.dirname, '../tools/ops.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', program, 'keys', ...args],
    { env: { ...process.env, CAREGRAPH_STACK_FILE: file, FORCE_COLOR: '0', NO_COLOR: '1' } },
  );
  return stdout;
}

const watchDocument = `subscription Watch($providerId: ID) {
  appointmentChanged(providerId: $providerId) { appointment { id status provider { name } payment { status } } }
}`;

interface Change {
  readonly appointmentChanged: { readonly appointment: { readonly id: string } };
}

const myPatientsDocument = '{ myPatients { email } }';
interface MyPatients {
  readonly myPatients: readonly { readonly email: string }[];
}

interface Traffic {
  /** Booked, confirmed, paid and cancelled since the start. */
  readonly bookings: string[];
  reads: number;
  holds: number;
}

/** People at work until told to end; then whatever was refused to one of them fails the story. */
function startTraffic(world: World): { readonly traffic: Traffic; readonly end: () => Promise<void> } {
  const traffic: Traffic = { bookings: [], reads: 0, holds: 0 };
  let ended = false;
  const again = async (one: () => Promise<void>): Promise<void> => {
    while (!ended) await one();
  };
  const all = Promise.all([
    again(async () => {
      const { id } = await confirmed(world, 'patient');
      expect(await world.act('patient', 'cancelAppointment', id)).toMatchObject({
        status: 'CANCELLED_PATIENT',
      });
      traffic.bookings.push(id);
    }),
    again(async () => {
      // Opens what is sealed, and asks with viewer tokens.
      const { myPatients } = await world.as('patient2').request<MyPatients>(myPatientsDocument);
      expect(myPatients[0]?.email).toContain('@');
      traffic.reads += 1;
    }),
    again(async () => {
      const { hold } = await holdFirst(world, { ...instantVisit, provider: 'provider3' });
      const released = await world.mutate(
        undefined,
        'releaseHold',
        hold,
        '... on SlotHold { id status }',
        aKey(),
      );
      expect(released).toMatchObject({ status: 'RELEASED' });
      traffic.holds += 1;
    }),
  ]);
  // It may fail long before somebody waits for it.
  all.catch(() => undefined);
  return {
    traffic,
    end: async () => {
      ended = true;
      await all;
      expect(Math.min(traffic.bookings.length, traffic.reads, traffic.holds)).toBeGreaterThan(0);
    },
  };
}

/** Every change of a provider's bookings, from now on, over one socket. */
function watch(): { readonly seen: ReadonlySet<string>; readonly stop: () => Promise<void> } {
  const provider = openWorld();
  const changes = provider
    .as('provider')
    .subscribe<Change>(watchDocument, { providerId: demoId('provider', 'provider') });
  const seen = new Set<string>();
  const listening = (async () => {
    for await (const { appointmentChanged } of changes) seen.add(appointmentChanged.appointment.id);
  })().catch(() => undefined);
  return {
    seen,
    stop: async () => {
      await provider.close();
      await listening;
    },
  };
}

interface Made {
  readonly offer: string;
  readonly hold: Held;
  readonly session: string;
}

/** What people have in their hands when the keys change: an offer, a hold's token, a session. */
async function makeWithOldKeys(world: World): Promise<Made> {
  const { offer } = await world.firstSlot({
    ...instantVisit,
    provider: 'provider4',
    type: 'video-consultation',
  });
  const { hold } = await holdFirst(world, instantVisit);
  const { headers } = await visitor().answer('{ __typename }');
  return { offer, hold, session: headers.get('x-caregraph-session') ?? '' };
}

async function expectToCount(world: World, { offer, hold, session }: Made, offerKid: string): Promise<void> {
  expect(offer.startsWith(`${offerKid}.`)).toBe(true);
  held(await holdAsVisitor(offer));
  const { id, code } = await world.book('patient4', hold.holdId, { holdToken: hold.holdToken });
  expect([code, id]).toEqual([undefined, expect.any(String)]);
  const carried = await visitor().answer('{ __typename }', {}, { 'x-caregraph-session': session });
  const [sid, kid] = (carried.headers.get('x-caregraph-session') ?? '').split('.');
  expect([sid, kid]).toEqual([session.split('.')[0], kidOf(entry('sessions'))]);
}

describe('keys that are changed while people are at work', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('refuse nobody, and what the old ones sealed is read before and after they are gone', async () => {
    const before = new Map(changing.map(({ name }) => [name, ringOf(name)[0]!]));
    const early = await confirmed(world, 'patient3');
    const { seen, stop } = watch();
    const made = await makeWithOldKeys(world);

    const during = startTraffic(world);
    await keys('rotate', 'all');
    await during.end();
    for (const { name } of changing) expect(ringOf(name)).toEqual([expect.anything(), before.get(name)]);
    expect(await keys('status')).toMatch(/offers.*2 of 2 apps.*may count for another/);
    await expectToCount(world, made, kidOf(before.get('offers')!.offers!));
    // Too early: what the older keys made still counts.
    await expect(keys('retire', 'offers')).rejects.toThrow(/may count for another \d+ s/);
    await expect(keys('rotate', 'offers')).rejects.toThrow('run keys retire offers first');

    // Every offer of the old key runs out, so a shorter lifetime may be told; and the minute's job seals anew.
    await world.advance({ minutes: 21 });
    const after = startTraffic(world);
    await keys('retire', 'all', '--lifetime', '1', '--wait', '90');
    for (const { name } of changing) {
      expect(ringOf(name)).toHaveLength(1);
      expect(ringOf(name)[0]).not.toEqual(before.get(name));
    }
    const oldSealing = kidOf(before.get('sealing')!.sealing!);
    expect(await columnsWith(`sealed.v1.${oldSealing}.%`)).toEqual([]);
    expect(await columnsWith(`sealed.v1.${kidOf(entry('sealing'))}.%`)).toEqual(
      expect.arrayContaining([
        'booking.patient.contact',
        'notifications.known_patient.contact',
        'notifications.known_provider.email',
        'scheduling.provider.email',
      ]),
    );
    const { length } = after.traffic.bookings;
    await eventually('people book on with the new keys alone', () =>
      after.traffic.bookings.length > length + 1 ? true : undefined,
    );
    await after.end();

    const late = await confirmed(world, 'patient3');
    await eventually('the subscription of the beginning tells of the last booking', () =>
      seen.has(late.id) ? true : undefined,
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([...during.traffic.bookings, ...after.traffic.bookings]),
    );
    await stop();
    // What the vendor sends again is signed with the new secret, and changes nothing.
    const [event] = await stripeEvents(world, early.id);
    expect(await redeliver(world, event!)).toEqual([204]);
    await expectMoney(world, early.id, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
  }, 300_000);

  it('stay where they must: those of the blind index take a new one, and never lose an old one', async () => {
    await keys('rotate', 'blind-index');
    expect(ringOf('blind-index')).toHaveLength(2);
    await expect(keys('retire', 'blind-index', '--lifetime', '0')).rejects.toThrow('needed for ever');
  });
});
