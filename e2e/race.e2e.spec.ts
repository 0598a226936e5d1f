// Fifty at once: one gets the time, all others are told no, and the database never has to break a deadlock.
import pg from 'pg';
import { eventually } from '@caregraph/testing';
import type { Outcome, Slot } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import {
  expectMoney,
  held,
  holdAsVisitor,
  instantVisit,
  openWorld,
  price,
  stack,
  untilConfirmed,
} from './support/story.js';

const logins = ['patient', 'patient2', 'patient3', 'patient4'];
const callers = Array.from({ length: 50 }, (_, index) => logins[index % logins.length]!);
const hour = 3_600_000;

describe('fifty callers at once', () => {
  let world: World;
  let database: pg.Client;
  beforeAll(async () => {
    world = openWorld();
    database = new pg.Client({ connectionString: stack.describe().databases.booking!.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await world.close();
  });

  /** Holds the time and books it; a refusal of either is the answer. */
  const holdAndBook = async (login: string, offer: string): Promise<Outcome> => {
    const hold = await holdAsVisitor(offer);
    if (hold.code) return hold;
    const { holdId, holdToken } = held(hold);
    return world.book(login, holdId, { holdToken });
  };
  const winnerOf = (outcomes: readonly Outcome[], refusal: string): string => {
    const winners = outcomes.filter(({ code }) => !code);
    expect(winners).toHaveLength(1);
    expect(new Set(outcomes.filter(({ code }) => code).map(({ code }) => code))).toEqual(new Set([refusal]));
    return winners[0]!.id!;
  };
  const deadlocks = async (): Promise<number> => {
    const { rows } = await database.query<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.deadlocks);
  };

  it('go for one time: one books and is charged once, 49 are told that it is taken (BK-051)', async () => {
    const before = await deadlocks();
    const { offer } = await world.firstSlot(instantVisit);
    const outcomes = await Promise.all(callers.map((login) => holdAndBook(login, offer)));
    const id = winnerOf(outcomes, 'SLOT_TAKEN');
    await untilConfirmed(world, 'staff', id);
    await expectMoney(world, id, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
    expect(await deadlocks()).toBe(before);
  });

  it('book one hold: one appointment is made, 49 are told that the hold is over (BK-050)', async () => {
    const { offer } = await world.firstSlot(instantVisit);
    const { holdId, holdToken } = held(await holdAsVisitor(offer));
    const outcomes = await Promise.all(callers.map((login) => world.book(login, holdId, { holdToken })));
    const id = winnerOf(outcomes, 'SLOT_HOLD_OVER');
    await untilConfirmed(world, 'staff', id);
    await expectMoney(world, id, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
  });

  it('go for overlapping times of two providers who share a room: one books, 49 are told that it is taken (SC-049)', async () => {
    const before = await deadlocks();
    const overlapping = await eventually('overlapping times of two providers', () => overlappingSlots(world));
    expect(new Set(overlapping.map(({ start }) => start)).size).toBeGreaterThan(1);
    const outcomes = await Promise.all(
      callers.map((login, index) => holdAndBook(login, overlapping[index % overlapping.length]!.offer)),
    );
    const id = winnerOf(outcomes, 'SLOT_TAKEN');
    const booked = await world.until(
      'staff',
      id,
      'the money is held',
      ({ payment }) => payment !== null && payment.status !== 'PENDING',
    );
    expect(['HELD', 'CAPTURED']).toContain(booked.payment?.status);
    expect((await world.ledger(id)).paymentIntents).toHaveLength(1);
    expect(await deadlocks()).toBe(before);
  });
});

/**
 * Times of both providers for the procedure that needs the one room, each overlapping each other: an hour, with ten
 * minutes before and twenty after, so that starts less than an hour and a half apart collide.
 */
async function overlappingSlots(world: World): Promise<Slot[] | undefined> {
  const wanted = { type: 'minor-procedure', fromHours: 200, toHours: 420 };
  const [chen, larsen] = await Promise.all([
    world.slots({ ...wanted, provider: 'provider' }),
    world.slots({ ...wanted, provider: 'provider3' }),
  ]);
  const within = (slots: Slot[], from: number): Slot[] =>
    slots.filter(({ start }) => Date.parse(start) >= from && Date.parse(start) <= from + hour);
  for (const { start } of larsen) {
    const [his, hers] = [within(chen, Date.parse(start)), within(larsen, Date.parse(start))];
    if (his.length > 1 && hers.length > 1) return [...his, ...hers];
  }
  return undefined;
}
