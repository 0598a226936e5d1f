// Stripe as one part of the sandbox: its account, its API, its webhook and its controls.
import type { FastifyInstance } from 'fastify';
import { Delivery } from '../world/delivery.js';
import { WebhookChannel } from '../world/webhooks.js';
import type { World } from '../world/world.js';
import { Account } from './account.js';
import { stripeControls } from './controls.js';
import { settleRefunds } from './refund.js';
import { stripeRoutes } from './server.js';
import { lapseHolds } from './settle.js';
import { signedBy } from './webhook.js';

export interface StripeStandIn {
  readonly account: Account;
  readonly channel: WebhookChannel;
}

export function openStripe(
  app: FastifyInstance,
  world: World,
  webhook: { url: string | undefined; secrets: Iterable<string> },
): StripeStandIn {
  const channel = new WebhookChannel(
    new Delivery('stripe', webhook.url, signedBy(webhook.secrets), world, (id) => {
      const event = account.events.get(id);
      if (event) event.pending_webhooks = 0;
    }),
  );
  const account = new Account(world, (event) => {
    channel.send({ id: event.id, body: JSON.stringify(event) });
  });
  world.clock.onTick(() => {
    lapseHolds(account);
    settleRefunds(account);
  });
  stripeRoutes(app, world, account);
  stripeControls(app, account, channel, webhook.secrets);
  return { account, channel };
}
