// What the real Stripe has no API for: answering the bank's 3D Secure question, and sending an event once more.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseControl } from '../world/control.js';
import type { WebhookChannel } from '../world/webhooks.js';
import type { Account } from './account.js';
import { authenticate } from './confirm.js';
import { StripeRefusal } from './errors.js';
import { signedBy } from './webhook.js';

const authenticateInput = z.strictObject({ outcome: z.enum(['succeed', 'fail']) });
const redeliverInput = z.strictObject({
  times: z.int().min(1).max(20).default(1),
  /** `wrong` signs with another secret, `stale` an hour ago, `future` an hour ahead: receivers must refuse all three. */
  signature: z.enum(['valid', 'wrong', 'stale', 'future', 'none']).default('valid'),
});
const anHour = 3_600;

export function stripeControls(
  app: FastifyInstance,
  account: Account,
  channel: WebhookChannel,
  secrets: Iterable<string>,
): void {
  app.post<{ Params: { id: string } }>('/_sandbox/stripe/payment_intents/:id/authenticate', (request) => {
    const { outcome } = parseControl(authenticateInput, request.body);
    try {
      const intent = authenticate(account, account.paymentIntent(request.params.id), outcome === 'succeed');
      return { id: intent.id, status: intent.status };
    } catch (error) {
      // A card that is declined after the question was answered: the intent remembers it.
      if (!(error instanceof StripeRefusal)) throw error;
      if (error.status !== 402) throw new ControlError(error.message, error.status);
      return { id: request.params.id, status: account.paymentIntent(request.params.id).status };
    }
  });

  app.post<{ Params: { id: string } }>('/_sandbox/stripe/events/:id/redeliver', async (request) => {
    const { times, signature } = parseControl(redeliverInput, request.body);
    const event = account.events.get(request.params.id);
    if (!event) throw new ControlError(`No such event: ${request.params.id}`, 404);
    const sign = {
      valid: signedBy(secrets),
      wrong: signedBy(['whsec_somebody_else']),
      stale: signedBy(secrets, anHour),
      future: signedBy(secrets, -anHour),
      none: () => ({}),
    }[signature];
    const statuses: (number | null)[] = [];
    for (let time = 0; time < times; time += 1) {
      const body = JSON.stringify(event);
      statuses.push((await channel.delivery.attemptOnce(body, sign(body))) ?? null);
    }
    return { statuses };
  });
}
