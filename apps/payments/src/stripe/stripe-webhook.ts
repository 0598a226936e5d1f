// Stripe's webhook: verified on the raw body, taken in once, answered at once. What it says is only a hint: a job asks
// how things stand now, so events may be late, doubled or out of order.
import type { FastifyInstance } from 'fastify';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Stripe } from 'stripe';
import { enqueue } from '@caregraph/jobs';
import { systemClock } from '@caregraph/runtime';
import { isId } from '@caregraph/subgraph';
import { keyOf, lookUpJob } from '../payment/payment.jobs.js';
import { lookUpRefundJob } from '../refund/refund.jobs.js';
import { verifiedEvent } from './verify-webhook.js';

export interface StripeWebhookOptions {
  /** All are accepted; one that replaces another is added before Stripe signs with it. */
  readonly secrets: Iterable<string>;
  /** A fork for each request. */
  readonly em: () => EntityManager;
  readonly now: () => Date;
}

/** Adds `POST /webhooks/stripe`; the server hands JSON over as a Buffer. */
export function stripeWebhook(server: FastifyInstance, { secrets, em, now }: StripeWebhookOptions): void {
  server.post('/webhooks/stripe', async (request, reply) => {
    const signature = request.headers['stripe-signature'];
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const event = verifiedEvent(
      body,
      typeof signature === 'string' ? signature : undefined,
      secrets,
      systemClock.now(),
    );
    if (!event) return reply.code(400).send();
    await em().transactional((em) => takeIn(em, event, now()));
    return reply.code(204).send();
  });
}

async function takeIn(em: EntityManager, event: Stripe.Event, now: Date): Promise<void> {
  const look = lookFor(event);
  // Another system's, on the same account.
  if (!look) return;
  const fresh = await em.execute<{ id: string }[]>(
    `insert into processor_event (id, practice_id, type, received_at) values (?, ?, ?, ?) on conflict do nothing returning id`,
    [event.id, look.practiceId, event.type, now],
  );
  if (fresh.length > 0) await look.plan(em);
}

interface Look {
  readonly practiceId: string;
  readonly plan: (em: EntityManager) => Promise<void>;
}

function lookFor({ data: { object } }: Stripe.Event): Look | undefined {
  if (!('object' in object)) return undefined;
  if (object.object === 'payment_intent') return lookForIntent(object);
  return object.object === 'refund' ? lookForRefund(object) : undefined;
}

function lookForIntent({ id: reference, metadata }: Stripe.PaymentIntent): Look | undefined {
  const { practiceId = '', paymentId = '', attempt = '' } = metadata;
  if (!isId(practiceId) || !isId(paymentId) || !/^[1-9]\d{0,3}$/.test(attempt)) return undefined;
  const of = { paymentId, attempt: Number(attempt) };
  return { practiceId, plan: (em) => enqueue(em, lookUpJob, { ...of, reference }, { key: keyOf(of) }) };
}

function lookForRefund({ id: reference, metadata }: Stripe.Refund): Look | undefined {
  const { practiceId = '', refundId = '' } = metadata ?? {};
  if (!isId(practiceId) || !isId(refundId)) return undefined;
  return {
    practiceId,
    plan: (em) => enqueue(em, lookUpRefundJob, { refundId, reference }, { key: refundId }),
  };
}
