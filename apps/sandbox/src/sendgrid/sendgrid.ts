// SendGrid as one part of the sandbox: POST /v3/mail/send, and the events that tell what became of each mail.
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Delivery } from '../world/delivery.js';
import { exchange, type Answer, type VendorFailures } from '../world/exchange.js';
import { WebhookChannel } from '../world/webhooks.js';
import type { World } from '../world/world.js';
import { eventsOf, mailsOf, newMessageId, type Mail } from './mail.js';
import { mailSendBody } from './mail-send.schema.js';
import { publicKeyOf, signedWith } from './webhook.js';

/** What SendGrid takes at most, attachments included. */
const bodyLimitBytes = 30 * 1_024 * 1_024;

export interface SendGridStandIn {
  readonly mails: ReadonlyMap<string, Mail>;
  readonly channel: WebhookChannel;
}

const refusal = (status: number, message: string, field: string | null = null): Answer => ({
  status,
  body: { errors: [{ message, field, help: null }] },
});

const failures: VendorFailures = {
  vendor: 'sendgrid',
  tooManyRequests: (retryAfterSeconds) => ({
    ...refusal(429, 'too many requests'),
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + retryAfterSeconds),
    },
  }),
  internalError: () => refusal(500, 'Internal Server Error'),
};

export function openSendGrid(
  app: FastifyInstance,
  world: World,
  webhook: { url: string | undefined; keys: Iterable<KeyObject> },
): SendGridStandIn {
  const channel = new WebhookChannel(new Delivery('sendgrid', webhook.url, signedWith(webhook.keys), world));
  /** By the order in which they were sent: one message id can stand for many mails. */
  const mails = world.journal.shelf<Mail>('sendgrid.mails');

  /** The mail leaves at once; its events follow, each in an array of its own. */
  const send = (mail: Mail): void => {
    mails.set(String(mails.size), mail);
    for (const { type, event } of eventsOf(mail, world.clock.nowSeconds())) {
      mail.state = type;
      channel.send({ id: String(event.sg_event_id), body: JSON.stringify([event]) });
    }
  };

  void app.register((scope, _options, done) => {
    scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
      const status = error.statusCode ?? 500;
      const message = status === 413 ? 'The mail is larger than 30 MB.' : 'Bad Request';
      return exchange(world, failures, request, reply, () => refusal(status, message));
    });
    scope.post('/v3/mail/send', { bodyLimit: bodyLimitBytes }, (request, reply) =>
      exchange(world, failures, request, reply, (effect) =>
        readMail(request, (body) =>
          effect(() => {
            const messageId = newMessageId();
            if (body.mail_settings?.sandbox_mode?.enable) return { status: 200, body: undefined };
            for (const mail of mailsOf(body, messageId, world.clock.now())) send(mail);
            return { status: 202, body: undefined, headers: { 'x-message-id': messageId } };
          }),
        ),
      ),
    );
    done();
  });
  app.get('/_sandbox/sendgrid-public-key', () => ({ publicKey: publicKeyOf(webhook.keys) }));
  return { mails, channel };
}

type Accept = (body: ReturnType<typeof mailSendBody.parse>) => Promise<Answer>;

function readMail(request: FastifyRequest, accept: Accept): Promise<Answer> | Answer {
  if (!/^Bearer SG\.[\w.-]+$/.test(request.headers.authorization ?? '')) {
    return refusal(401, 'The provided authorization grant is invalid, expired, or revoked');
  }
  const result = mailSendBody.safeParse(request.body);
  if (result.success) return accept(result.data);
  return {
    status: 400,
    body: {
      errors: result.error.issues.map((issue) => ({
        message:
          issue.code === 'unrecognized_keys'
            ? `Additional property ${issue.keys.join(', ')} is not allowed`
            : issue.message,
        field: issue.path.join('.') || null,
        help: null,
      })),
    },
  };
}
