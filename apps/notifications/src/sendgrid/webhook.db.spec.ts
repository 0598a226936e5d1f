// SendGrid's events at the door of the app: only genuine ones, each once, only forward.
import { randomUUID, sign } from 'node:crypto';
import { Case } from '../testing/case.js';
import { eventually, NotificationsBed } from '../testing/notifications-bed.js';
import type { Notification } from '../notification/notification.js';
import { send } from '../notification/send.js';

interface Post {
  readonly secondsAgo?: number;
  readonly signature?: string;
  readonly raw?: string;
}

describe('the webhook of SendGrid', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  beforeEach(async () => {
    // The sandbox's own events stay with it, so that each spec tells its own.
    await bed.world.control('/_sandbox/webhooks/sendgrid', { mode: 'hold' });
  });
  afterAll(() => bed.close());

  const post = async (
    events: readonly object[],
    { secondsAgo = 0, signature, raw }: Post = {},
  ): Promise<number> => {
    const body = raw ?? `${JSON.stringify(events)}\r\n`;
    const timestamp = String(Math.floor(Date.now() / 1_000) - secondsAgo);
    const genuine = sign('sha256', Buffer.from(timestamp + body), bed.world.privateKey).toString('base64');
    const headers = {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature ?? genuine,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    };
    return (await fetch(`${bed.url}/webhooks/sendgrid`, { method: 'POST', headers, body })).status;
  };
  const patients = async ({ appointmentId }: Case): Promise<Notification> => {
    const found = (await bed.notifications(appointmentId)).find(({ recipient }) => recipient === 'PATIENT');
    return found!;
  };
  /** A case whose confirmation SendGrid has taken. */
  const sent = async (): Promise<[Case, Notification]> => {
    const one = await Case.open(bed);
    await one.confirmed();
    await eventually(async () => {
      expect(await patients(one)).toMatchObject({ status: 'SENT', deliveredAt: null });
    });
    return [one, await patients(one)];
  };
  const event = ({ id }: Notification, name: string, more: object = {}): Record<string, unknown> => ({
    ...{ event: name, sg_event_id: randomUUID(), timestamp: Math.floor(bed.now.getTime() / 1_000) },
    ...{ notification_id: id, email: 'somebody@example.test', ...more },
  });

  it('alone makes a message delivered, though the vendor took it long before (X-03)', async () => {
    const [one, notification] = await sent();
    expect(await post([event(notification, 'processed')])).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'SENT' });
    const timestamp = Math.floor(bed.now.getTime() / 1_000) + 60;
    expect(await post([event(notification, 'delivered', { timestamp })])).toBe(204);
    expect(await patients(one)).toMatchObject({
      status: 'DELIVERED',
      deliveredAt: new Date(timestamp * 1_000),
    });
  });

  it('refuses what is unsigned, forged, old, or from the future, and changes nothing', async () => {
    const [one, notification] = await sent();
    const delivered = [event(notification, 'delivered')];
    expect(await post(delivered, { signature: '' })).toBe(401);
    expect(await post(delivered, { signature: Buffer.from('forged').toString('base64') })).toBe(401);
    expect(await post(delivered, { secondsAgo: 310 })).toBe(401);
    expect(await post(delivered, { secondsAgo: -310 })).toBe(401);
    const bare = await fetch(`${bed.url}/webhooks/sendgrid`, {
      method: 'POST',
      body: JSON.stringify(delivered),
      headers: { 'content-type': 'application/json' },
    });
    expect(bare.status).toBe(401);
    expect(await patients(one)).toMatchObject({ status: 'SENT' });
    expect(await post(delivered, { secondsAgo: 290 })).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'DELIVERED' });
  });

  it('keeps real time when the development clock was moved', async () => {
    const [one, notification] = await sent();
    await bed.follows(await bed.world.control('/_sandbox/clock/advance', { hours: 2 }));
    expect(await post([event(notification, 'delivered')])).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'DELIVERED' });
  });

  it('takes the vendor’s id from an event that comes behind the delivery', async () => {
    const [one, notification] = await sent();
    await bed
      .em()
      .execute('update notification set vendor_message_id = null where id = ?', [notification.id], 'run');
    expect(await post([event(notification, 'delivered')])).toBe(204);
    expect(await post([event(notification, 'processed', { sg_message_id: 'late-1' })])).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'DELIVERED', vendorMessageId: 'late-1' });
  });

  it('applies an event once, however often it comes, and in any order ends the same (X-03)', async () => {
    const [one, notification] = await sent();
    const delivered = event(notification, 'delivered');
    expect(
      await post([delivered, event(notification, 'deferred'), event(notification, 'processed'), delivered]),
    ).toBe(204);
    const after = await patients(one);
    expect(after).toMatchObject({ status: 'DELIVERED' });
    expect(
      await Promise.all([post([delivered]), post([delivered]), post([event(notification, 'processed')])]),
    ).toEqual([204, 204, 204]);
    expect((await patients(one)).version).toBe(after.version);
    const sentEvents = (await bed.published(one.appointmentId)).filter(
      ({ data }) => data.notificationId === notification.id,
    );
    expect(sentEvents).toHaveLength(1);
  });

  it('waits for its turn when several processes have news of one message at once, and answers all', async () => {
    const cases = await Promise.all(Array.from({ length: 6 }, () => sent()));
    const posts = cases.flatMap(([, notification]) =>
      ['processed', 'deferred', 'delivered', 'processed', 'delivered'].map((name) => [
        event(notification, name),
      ]),
    );
    const answers = await Promise.all(posts.map((events) => post(events)));
    expect(answers).toEqual(posts.map(() => 204));
    for (const [one] of cases) expect(await patients(one)).toMatchObject({ status: 'DELIVERED' });
  });

  it('waits for the send that is still being recorded, and is not overwritten by it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const one = await Case.open(bed);
      await bed.stopWork();
      await one.confirmed();
      const { id } = await patients(one);
      // The vendor tells of the mail before it has answered the call.
      const told: Promise<number>[] = [];
      const sending = bed.sending();
      const sendMail: typeof sending.sendMail = (mail) => {
        for (const name of ['processed', 'delivered']) told.push(post([event({ id } as Notification, name)]));
        return sending.sendMail(mail);
      };
      await send({ ...sending, sendMail }, id);
      expect(await Promise.all(told)).toEqual([204, 204]);
      expect(await patients(one)).toMatchObject({ status: 'DELIVERED' });
    }
    await bed.startWork();
  });

  it('takes a bounce for the end, also before and after a delivery, and suppresses the address', async () => {
    const [one, notification] = await sent();
    expect(
      await post([event(notification, 'bounce', { type: 'bounce' }), event(notification, 'delivered')]),
    ).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'BOUNCED', reason: 'BOUNCED', deliveredAt: null });
    expect((await bed.published(one.appointmentId)).map(({ data }) => data.failure)).toContain('BOUNCED');

    await one.booking('cancelled', 'CANCELLED_PATIENT');
    await eventually(async () => {
      const next = (await bed.notifications(one.appointmentId)).find(
        ({ cause, recipient }) => cause === 'appointment-cancelled' && recipient === 'PATIENT',
      );
      expect(next).toMatchObject({ status: 'SKIPPED', reason: 'SUPPRESSED' });
    });
    const kept = JSON.stringify(await bed.em().execute('select * from suppression'));
    expect(kept).not.toContain('@');
  });

  it('suppresses whoever calls it spam, and leaves the message delivered', async () => {
    const [one, notification] = await sent();
    await post([event(notification, 'delivered'), event(notification, 'spamreport')]);
    expect(await patients(one)).toMatchObject({ status: 'DELIVERED' });
    expect(
      await bed
        .em()
        .execute('select cause from suppression where address_hash = ?', [notification.addressHash]),
    ).toEqual([{ cause: 'SPAM_REPORT' }]);
  });

  it('fails a blocked message without giving up the address', async () => {
    const [one, notification] = await sent();
    await post([event(notification, 'bounce', { type: 'blocked' })]);
    expect(await patients(one)).toMatchObject({ status: 'FAILED', reason: 'BLOCKED' });
    expect(
      await bed.em().execute('select 1 from suppression where address_hash = ?', [notification.addressHash]),
    ).toEqual([]);
  });

  it('leaves alone what is not ours or not understood, and refuses what is no list', async () => {
    const [one, notification] = await sent();
    expect(
      await post([
        { nonsense: true },
        event(notification, 'delivered', { notification_id: 'x' }),
        event(notification, 'delivered', { notification_id: randomUUID() }),
      ]),
    ).toBe(204);
    expect(await post([event(notification, 'something-new')])).toBe(204);
    expect(await patients(one)).toMatchObject({ status: 'SENT' });
    expect(await post([], { raw: 'not JSON' })).toBe(400);
    expect(await post([], { raw: '{"event":"delivered"}' })).toBe(400);
  });

  it('hears the sandbox’s own signed events, doubled and out of order', async () => {
    await bed.world.control('/_sandbox/webhooks/sendgrid', { mode: 'reorder', window: 2, delayMs: 200 });
    const one = await Case.open(bed, { patientLocalPart: `${randomUUID()}+bounce` });
    await one.confirmed();
    await eventually(async () => {
      expect(await patients(one)).toMatchObject({ status: 'BOUNCED' });
    });
  });
});
