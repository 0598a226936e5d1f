import { createPublicKey, verify } from 'node:crypto';
import { Client } from '@sendgrid/client';
import { MailService, type MailDataRequired, type ResponseError } from '@sendgrid/mail';
import { startTestBed, until, type TestBed } from '../test-bed.js';

describe('SendGrid in the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.control('DELETE', '/_sandbox/faults');
    await bed.control('POST', '/_sandbox/webhooks/release', {});
    bed.receiver.received.length = 0;
  });

  const mailer = (key = 'SG.spec.key'): MailService => {
    const client = new Client();
    client.setApiKey(key);
    client.setDefaultRequest('baseUrl', bed.sandbox.url);
    const service = new MailService();
    service.setClient(client);
    return service;
  };
  const mailTo = (to: string): MailDataRequired => ({
    to,
    from: { email: 'clinic@example.com', name: 'The clinic' },
    subject: 'Your appointment',
    text: 'Tomorrow at ten.',
    customArgs: { notification_id: 'n-1', appointment_id: 'a-1' },
  });
  type MailEvent = Record<string, unknown>;
  const events = (): MailEvent[] =>
    bed.receiver.received.flatMap(({ body }) => JSON.parse(body) as MailEvent[]);
  const refusalOf = async (sending: Promise<unknown>): Promise<ResponseError> => {
    try {
      await sending;
    } catch (error) {
      return error as ResponseError;
    }
    throw new Error('The mail was not refused.');
  };

  it('accepts a mail and tells that it was delivered, with our arguments and a signature over the raw body', async () => {
    const [response] = await mailer().send(mailTo('ann@example.com'));
    expect(response.statusCode).toBe(202);
    const messageId = (response.headers as Record<string, string>)['x-message-id'] ?? '';
    await until('both events arrive', () => events().length === 2);
    expect(events().map(({ event }) => event)).toEqual(['processed', 'delivered']);
    for (const event of events()) {
      expect(event).toMatchObject({ email: 'ann@example.com', notification_id: 'n-1' });
      expect(String(event.sg_message_id)).toContain(messageId);
    }
    expect(new Set(events().map(({ sg_event_id }) => sg_event_id)).size).toBe(2);

    const { publicKey } = await bed.control('GET', '/_sandbox/sendgrid-public-key');
    const key = createPublicKey({
      key: Buffer.from(String(publicKey), 'base64'),
      format: 'der',
      type: 'spki',
    });
    for (const { headers, body } of bed.receiver.received) {
      const timestamp = String(headers['x-twilio-email-event-webhook-timestamp']);
      const signature = Buffer.from(String(headers['x-twilio-email-event-webhook-signature']), 'base64');
      expect(verify('sha256', Buffer.from(timestamp + body), key, signature)).toBe(true);
      expect(verify('sha256', Buffer.from(`${timestamp}${body} `), key, signature)).toBe(false);
    }
  });

  it.each([
    ['ann+bounce@example.com', ['processed', 'bounce'], 'bounce'],
    ['drop@example.com', ['dropped'], 'dropped'],
    ['ann+defer@example.com', ['processed', 'deferred', 'delivered'], 'delivered'],
    ['ann+block@example.com', ['processed', 'bounce'], 'bounce'],
    ['ann+spam@example.com', ['processed', 'delivered', 'spamreport'], 'spamreport'],
  ])('a mail to %s goes the way its address says', async (to, told, state) => {
    await mailer().send(mailTo(to));
    await until('all events arrive', () => events().length === told.length);
    expect(events().map(({ event }) => event)).toEqual(told);
    const { mails } = await bed.control('GET', `/_sandbox/ledger?to=${encodeURIComponent(to)}`);
    expect(mails).toEqual([expect.objectContaining({ to, state, subject: 'Your appointment' })]);
  });

  it('events come twice and out of order when told', async () => {
    await bed.control('POST', '/_sandbox/webhooks/sendgrid', { mode: 'reorder', window: 2 });
    await mailer().send(mailTo('ann@example.com'));
    await until('both events arrive', () => events().length === 2);
    expect(events().map(({ event }) => event)).toEqual(['delivered', 'processed']);
    await bed.control('POST', '/_sandbox/webhooks/sendgrid', { mode: 'twice' });
    await mailer().send(mailTo('drop@example.com'));
    await until('both copies arrive', () => events().length === 4);
    expect(new Set(events().map(({ sg_event_id }) => sg_event_id)).size).toBe(3);
  });

  it('a lost answer leaves a mail that was sent', async () => {
    await bed.control('POST', '/_sandbox/faults', { path: '/v3/mail/send', kind: 'reset-after-effect' });
    await refusalOf(mailer().send(mailTo('lost@example.com')));
    const { counts } = await bed.control('GET', '/_sandbox/ledger?to=lost%40example.com');
    expect(counts).toMatchObject({ mails: 1 });
  });

  it('refuses a wrong key, too many requests, a wrong mail and one that is too large', async () => {
    expect((await refusalOf(mailer('SG.!').send(mailTo('ann@example.com')))).code).toBe(401);
    await bed.control('POST', '/_sandbox/faults', {
      path: '/v3/mail/send',
      kind: '429',
      retryAfterSeconds: 7,
    });
    const busy = await refusalOf(mailer().send(mailTo('ann@example.com')));
    expect([busy.code, (busy.response.headers as Record<string, string>)['retry-after']]).toEqual([429, '7']);

    const post = (body: object | string) =>
      fetch(new URL('/v3/mail/send', bed.sandbox.url), {
        method: 'POST',
        headers: { authorization: 'Bearer SG.spec.key', 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const wrong = await post({
      personalizations: [{ to: 'ann@example.com' }],
      from: { email: 'nobody' },
      colour: 'red',
    });
    expect(wrong.status).toBe(400);
    const { errors } = (await wrong.json()) as { errors: { field: string | null; message: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['personalizations.0.to', 'from.email']),
    );
    expect(errors.some(({ message }) => message.includes('colour'))).toBe(true);
    expect((await post('{')).status).toBe(400);
    expect((await post('x'.repeat(31 * 1_024 * 1_024))).status).toBe(413);
  });
});
