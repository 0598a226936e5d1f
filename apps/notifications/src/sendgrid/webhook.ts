// POST /webhooks/sendgrid: outside of the viewer check, so the signature over the raw bytes is all there is to believe.
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Logger } from '@caregraph/runtime';
import type { Tell } from '../notification/record.js';
import { applyMailEvent } from './apply-mail-event.js';
import { mailEvent } from './mail-event.js';
import { isGenuine } from './signature.js';

export interface WebhookOptions {
  /** All are accepted; one that replaces another is added before SendGrid signs with it. */
  readonly keys: Iterable<KeyObject>;
  /** The machine's own time in milliseconds. */
  readonly realNow: () => number;
  readonly now: () => Date;
  readonly em: () => EntityManager;
  readonly tell: Tell;
  readonly log: Logger;
}

/** Answers 2xx only when all events are stored; SendGrid repeats the rest for three days. */
export function sendGridWebhook(server: FastifyInstance, options: WebhookOptions): void {
  server.post('/webhooks/sendgrid', async (request, reply): Promise<FastifyReply> => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = headerOf(request, 'x-twilio-email-event-webhook-signature');
    const timestamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp');
    const signed = { raw, signature, timestamp };
    if (![...options.keys].some((key) => isGenuine(key, signed, options.realNow()))) {
      options.log.warn({ vendor: 'sendgrid', statusCode: 401 }, 'a webhook was refused');
      return reply.code(401).send();
    }
    const events = readEvents(raw);
    if (!events) return reply.code(400).send();
    for (const entry of events) {
      const { success, data } = mailEvent.safeParse(entry);
      // An event of another shape is none that we act on; refusing it would have it come for three days.
      if (success) await applyMailEvent({ em: options.em(), now: options.now(), tell: options.tell }, data);
      else options.log.warn({ vendor: 'sendgrid' }, 'an event of an unknown shape was left alone');
    }
    return reply.code(204).send();
  });
}

const headerOf = (request: FastifyRequest, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};

function readEvents(raw: Buffer): unknown[] | undefined {
  try {
    return z.array(z.unknown()).parse(JSON.parse(raw.toString('utf8')));
  } catch {
    return undefined;
  }
}
