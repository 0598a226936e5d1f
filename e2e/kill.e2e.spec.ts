// A subgraph that is killed hard at the worst moments: what it had committed is carried on, and nothing is done twice.
import { eventually } from '@caregraph/testing';
import type { World } from '../tools/demo/world.js';
import { closeEventLog } from './support/event-log.js';
import {
  booked,
  expectMoney,
  holdFirst,
  instantVisit,
  openWorld,
  price,
  stack,
  untilConfirmed,
} from './support/story.js';
import { clearFaults, plan, releaseBackwards, travel, untilStruck } from './support/vendors.js';

const captured = { status: 'succeeded', capturedMinor: price, refundedMinor: 0 };
const recoveryMs = 60_000;

describe('a subgraph killed with -9', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterEach(async () => {
    await clearFaults(world);
    await travel(world, 'sendgrid', { mode: 'normal' });
    await stack.waitReady();
  });
  afterAll(() => world.close());

  /** Resolves when the process is gone, so that what follows is not answered by the dying one. */
  const kill = async (app: string): Promise<void> => {
    const pid = stack.describe().pids[app];
    await stack.kill(app);
    await eventually(`${app} is gone`, () => (stack.describe().pids[app] === pid ? undefined : true), {
      everyMs: 10,
    });
  };
  const expectDoneOnce = async (login: string, id: string): Promise<void> => {
    await untilConfirmed(world, login, id, recoveryMs);
    await expectMoney(world, id, captured);
  };

  it('between the commit of a booking and its event: the booking is confirmed and charged once', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const openEventLog = await closeEventLog();
    let id: string;
    try {
      ({ id } = (await world.book('patient', hold.holdId, { holdToken: hold.holdToken })) as { id: string });
      // Nobody has heard of it: payments would show a payment.
      expect(await world.see('patient', id)).toMatchObject({ status: 'PENDING_PAYMENT', payment: null });
      await kill('booking');
    } finally {
      await openEventLog();
    }
    await expectDoneOnce('patient', id);
  });

  it('between the commit of a held payment and its event: the booking is confirmed and charged once', async () => {
    await plan(world, { method: 'POST', path: '/v1/payment_intents', kind: 'delay', delayMs: 1_500 });
    const { id } = await booked(world, 'patient2', instantVisit);
    await untilStruck(world);
    const openEventLog = await closeEventLog();
    try {
      await world.until('patient2', id, 'the money is held', ({ payment }) => payment?.status === 'HELD');
      await kill('payments');
    } finally {
      await openEventLog();
    }
    await expectDoneOnce('patient2', id);
  });

  it('while the processor holds the money: it is charged once', async () => {
    await plan(world, { method: 'POST', path: '/v1/payment_intents', kind: 'delay', delayMs: 1_000 });
    const { id } = await booked(world, 'patient3', instantVisit);
    await untilStruck(world);
    await kill('payments');
    await expectDoneOnce('patient3', id);
  });

  it('while a mail is sent and its answer is lost: the vendor’s event settles it, and nobody gets it twice', async () => {
    await travel(world, 'sendgrid', { mode: 'hold' });
    await plan(world, { method: 'POST', path: '/v3/mail/send', kind: 'hang-after-effect' });
    const { id } = await booked(world, 'patient4', instantVisit);
    await untilStruck(world);
    // The other mail too: of one that dies on its way nobody knows for five minutes.
    await eventually('both mails have arrived', async () =>
      (await world.ledger(id)).mails.length === 2 ? true : undefined,
    );
    await kill('notifications');
    await stack.waitReady('notifications');
    await releaseBackwards(world);
    await expectDoneOnce('patient4', id);
  });

  it('while a mail is sent that never arrives: it is sent again after five minutes, once', async () => {
    await plan(world, { method: 'POST', path: '/v3/mail/send', kind: 'hang' });
    const { id } = await booked(world, 'patient4', instantVisit);
    await untilStruck(world);
    await kill('notifications');
    await stack.waitReady('notifications');
    await world.advance({ minutes: 6 });
    await expectDoneOnce('patient4', id);
  });

  it('right after it answered, one after the other: each booking is confirmed and charged once', async () => {
    for (const victim of [
      'booking',
      'payments',
      'notifications',
      'calendar-sync',
      'scheduling',
      'platform',
    ]) {
      const { hold } = await holdFirst(world, instantVisit);
      const { id } = await world.book('patient', hold.holdId, { holdToken: hold.holdToken });
      await kill(victim);
      await stack.waitReady(victim);
      // A mail whose fate nobody knows is sent again after five minutes.
      if (victim === 'notifications') await world.advance({ minutes: 6 });
      await expectDoneOnce('patient', id!);
    }
  });
});
