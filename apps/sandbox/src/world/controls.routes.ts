// The controls of the world: faults, how webhooks travel, the ledger and the recordings.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SendGridStandIn } from '../sendgrid/sendgrid.js';
import type { StripeStandIn } from '../stripe/stripe.js';
import { clockRoutes } from './clock.routes.js';
import { ControlError, parseControl } from './control.js';
import { faultInput } from './faults.js';
import { ledger, ledgerQuery } from './ledger.js';
import { releaseInput, webhookInput, type WebhookChannel } from './webhooks.js';
import type { World } from './world.js';

const recordingsQuery = z.strictObject({ vendor: z.enum(['stripe', 'sendgrid']).optional() });
const vendorParams = z.strictObject({ vendor: z.enum(['stripe', 'sendgrid']) });
const releaseBody = releaseInput.extend({ vendor: z.enum(['stripe', 'sendgrid']).optional() });

export function controlRoutes(
  app: FastifyInstance,
  world: World,
  { stripe, sendgrid }: { stripe: StripeStandIn; sendgrid: SendGridStandIn },
): void {
  const channels: Record<'stripe' | 'sendgrid', WebhookChannel> = {
    stripe: stripe.channel,
    sendgrid: sendgrid.channel,
  };
  clockRoutes(app, world.clock);

  app.post('/_sandbox/faults', (request) => world.faults.add(parseControl(faultInput, request.body)));
  app.get('/_sandbox/faults', () => ({ faults: world.faults.list() }));
  app.delete('/_sandbox/faults', () => ({ removed: world.faults.clear() }));

  app.post('/_sandbox/webhooks/release', (request) => {
    const { vendor, order } = parseControl(releaseBody, request.body);
    const released = (vendor ? [channels[vendor]] : Object.values(channels)).map((channel) =>
      channel.release(order),
    );
    return { released: released.reduce((sum, count) => sum + count, 0) };
  });
  app.post('/_sandbox/webhooks/:vendor', (request) => {
    const channel = channels[parseControl(vendorParams, request.params).vendor];
    channel.travel(parseControl(webhookInput, request.body));
    return channel.state;
  });
  app.get('/_sandbox/webhooks', () => ({ stripe: channels.stripe.state, sendgrid: channels.sendgrid.state }));

  app.get('/_sandbox/ledger', (request) =>
    ledger(stripe.account, [...sendgrid.mails.values()], parseControl(ledgerQuery, request.query)),
  );
  app.get('/_sandbox/recordings', (request) => ({
    recordings: world.recordings.list(parseControl(recordingsQuery, request.query).vendor),
  }));

  // In a scope of its own there would be no way to tell a wrong route from a wrong control.
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status >= 500) world.log.error({ err: error, method: request.method }, 'the sandbox failed');
    const message =
      error instanceof Error && (error instanceof ControlError || status < 500)
        ? error.message
        : 'The sandbox failed; its log says why.';
    return reply.code(status).send({ error: { message } });
  });
}
