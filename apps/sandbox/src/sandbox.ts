// The outside world in one process: Stripe, SendGrid, an identity provider, and the controls over all of them.
import type { AddressInfo } from 'node:net';
import { createMetrics, followRings, type Logger } from '@caregraph/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from './config.js';
import { openIdentity } from './identity/identity.js';
import { mountPath } from './identity/provider.js';
import { openSendGrid } from './sendgrid/sendgrid.js';
import { keyMade } from './sendgrid/webhook.js';
import { missingRoute } from './stripe/missing-route.js';
import { openStripe } from './stripe/stripe.js';
import { controlRoutes } from './world/controls.routes.js';
import { newWorld } from './world/world.js';

/** How often what is due happens while real time passes. */
const tickMs = 1_000;

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly issuer: string;
  close(): Promise<void>;
}

export async function startSandbox(config: Config, log: Logger): Promise<Sandbox> {
  // The world ends at once: connections that hang on purpose must not keep the process.
  const app = Fastify({ forceCloseConnections: true });
  acceptEmptyJson(app);
  const world = newWorld(log, config.SANDBOX_STATE_DIR);
  // Whatever is answered is written first.
  app.addHook('onSend', (_request, _reply, payload, done) => {
    world.journal.commit();
    done(null, payload);
  });
  const stripe = openStripe(app, world, {
    url: config.STRIPE_WEBHOOK_URL,
    secrets: config.STRIPE_WEBHOOK_SECRET,
  });
  const sendgrid = openSendGrid(app, world, {
    url: config.SENDGRID_WEBHOOK_URL,
    keys: config.SENDGRID_WEBHOOK_PRIVATE_KEY ?? [keyMade(world.journal.shelf('sendgrid.keys'))],
  });
  const identity = await openIdentity(app, world, config.SANDBOX_USERS_FILE);
  controlRoutes(app, world, { stripe, sendgrid });
  const stops: (() => unknown)[] = [() => world.clock.stop()];
  const metrics = createMetrics('sandbox');
  followRings({ config, log, metrics, closing: { add: (_name, stop) => stops.push(stop) } });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  app.get('/healthz', () => ({ status: 'ok' }));
  app.setNotFoundHandler(missingRoute);

  // Before the first connection, which comes a turn later at the earliest.
  app.server.once('listening', () => {
    world.journal.begin();
  });
  await app.listen({ host: config.HOST, port: config.PORT });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : config.HOST}:${port}`;
  const issuer = config.ISSUER_URL ?? `${url}${mountPath}`;
  identity.open(issuer);
  stripe.channel.delivery.resume();
  sendgrid.channel.delivery.resume();
  const ticking = setInterval(() => {
    world.clock.tick();
  }, tickMs);

  return {
    url,
    port,
    issuer,
    close: async () => {
      clearInterval(ticking);
      for (const stop of stops) stop();
      stripe.channel.stop();
      sendgrid.channel.stop();
      await app.close();
      world.journal.close();
    },
  };
}

/** Controls without a body are sent by many tools with the type of JSON all the same. */
function acceptEmptyJson(app: FastifyInstance): void {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    try {
      done(null, text === '' ? {} : (JSON.parse(text) as unknown));
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
    }
  });
}
