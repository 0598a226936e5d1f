// A gateway over fake subgraphs for specs: two subgraphs that share the appointment, an identity provider, real ports.
import { createPubSub, type PubSub } from '@graphql-yoga/subscription';
import { GraphQLError } from 'graphql';
import { createRemoteJWKSet } from 'jose';
import { Registry } from 'prom-client';
import { Pool } from 'undici';
import { createLogger } from '@caregraph/runtime';
import { badInput } from '@caregraph/subgraph';
import { accessTokenVerifier } from '../caller/access-token.js';
import { anonymousSessions } from '../caller/anonymous-session.js';
import { identifier } from '../caller/identify.js';
import { rememberingVerifier } from '../caller/remembered-tokens.js';
import { composeSupergraph } from '../compose.js';
import { openDocuments } from '../documents/open-documents.js';
import { Graph } from '../graph/graph.js';
import { Knowledge } from '../known/knowledge.js';
import type { LiveLimits } from '../live/live-limits.js';
import { Upstream } from '../live/upstream.js';
import { rateLimits } from '../limits/rate-limits.js';
import { gatewayMetrics } from '../operation/metrics.js';
import { startGateway } from '../server.js';
import { healthOfAll } from '../subgraph/health-of-all.js';
import { anyReachable } from '../subgraph/reachable.js';
import { SubgraphClient } from '../subgraph/subgraph-client.js';
import { closingOnDemand } from './closing-on-demand.js';
import { startFakeSubgraph, type FakeSubgraph } from './fake-subgraph.js';
import { startIssuer, type Issuer } from './issuer.js';
import { KnownRows } from './known-rows.js';
import { specConfig } from './spec-config.js';

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable"])';

const bookingSdl = `${federation}
type Appointment @key(fields: "id") { id: ID! status: String! note: String }
type Query { appointment(id: ID!): Appointment whoAmI: String! fails: String refuses: String waits: String }
type Mutation { cancelAppointment(id: ID!): Appointment confirmAppointment(id: ID!): Appointment }
type Subscription { appointmentChanged(id: ID): Appointment! }`;

const paymentsSdl = `${federation}
type Appointment @key(fields: "id") { id: ID! payment: Payment }
type Payment { status: String! amountMinor: Int! }`;

export interface RunningGateway {
  readonly url: string;
  readonly socketUrl: string;
  readonly issuer: Issuer;
  readonly booking: FakeSubgraph;
  readonly payments: FakeSubgraph;
  /** What the gateway's database holds, and what it has made of it. */
  readonly rows: KnownRows;
  readonly known: Knowledge;
  /** Live subscriptions at the booking subgraph at this moment. */
  live(): number;
  readonly pubSub: PubSub<{ changed: [{ id: string; status: string }] }>;
  /** Posts an operation; the answer's body is parsed. */
  query(
    query: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Answer }>;
  /** Stops the gateway alone, gracefully. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

export async function runGateway(
  environment: Record<string, string> = {},
  limits: Partial<LiveLimits> = {},
): Promise<RunningGateway> {
  const pubSub: RunningGateway['pubSub'] = createPubSub();
  const live = { count: 0 };
  const issuer = await startIssuer();
  const booking = await startBooking(pubSub, live);
  const payments = await startFakeSubgraph({
    name: 'payments',
    sdl: paymentsSdl,
    resolvers: {
      Appointment: {
        __resolveReference: ({ id }: { id: string }) => ({
          id,
          payment: { status: 'HELD', amountMinor: 4_200 },
        }),
      },
    },
  });
  const rows = new KnownRows();
  const { port, known, stop } = await start({
    rows,
    issuer,
    subgraphs: [booking, payments],
    environment,
    limits,
  });
  const url = `http://127.0.0.1:${port}/graphql`;

  return {
    url,
    socketUrl: url.replace('http', 'ws'),
    issuer,
    booking,
    payments,
    rows,
    known,
    live: () => live.count,
    pubSub,
    query: async (query, headers = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
    },
    stop,
    close: async () => {
      await stop();
      await Promise.all([booking.kill(), payments.kill(), issuer.close()]);
    },
  };
}

const startBooking = (pubSub: RunningGateway['pubSub'], live: { count: number }): Promise<FakeSubgraph> => {
  const found = (_source: unknown, { id }: { id: string }): unknown => ({
    id,
    status: 'CONFIRMED',
    note: null,
  });
  return startFakeSubgraph({
    name: 'booking',
    sdl: bookingSdl,
    resolvers: {
      Query: {
        appointment: found as never,
        whoAmI: (_source, _arguments, { viewer }) => viewer.account ?? `nobody ${viewer.sid ?? ''}`,
        fails: () => {
          const http = { status: 418, headers: { 'x-inside': 'db.internal' } };
          throw new GraphQLError('connect ECONNREFUSED db.internal:5432', { extensions: { http } });
        },
        waits: () => new Promise<never>(() => undefined),
        refuses: () => {
          throw badInput({ field: 'patient.email', message: 'is no address' });
        },
      },
      Mutation: { cancelAppointment: found as never, confirmAppointment: found as never },
      Subscription: {
        appointmentChanged: {
          subscribe: (_source: unknown, { id }: { id?: string }) => changes(pubSub, live, id),
          resolve: (appointment: unknown) => appointment,
        } as never,
      },
      Appointment: {
        __resolveReference: ({ id }: { id: string }) => ({ id, status: 'CONFIRMED', note: 'seen' }),
      },
    },
  });
};

/** Counts itself for as long as somebody listens. Of ids that begin with `s` there is a present state, told first. */
function changes(
  pubSub: RunningGateway['pubSub'],
  live: { count: number },
  id: string | undefined,
): AsyncIterableIterator<unknown> {
  const events = pubSub.subscribe('changed');
  const state = id?.startsWith('s') === true ? [{ id, status: 'SNAPSHOT' }] : [];
  live.count += 1;
  return {
    next: () => {
      const value = state.shift();
      return value ? Promise.resolve({ done: false, value }) : events.next();
    },
    return: () => {
      live.count -= 1;
      return events.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface Parts {
  readonly rows: KnownRows;
  readonly issuer: Issuer;
  readonly subgraphs: readonly FakeSubgraph[];
  readonly environment: Record<string, string>;
  readonly limits: Partial<LiveLimits>;
}

async function start({
  rows,
  issuer,
  subgraphs,
  environment,
  limits,
}: Parts): Promise<{ port: number; known: Knowledge; stop: () => Promise<void> }> {
  const config = specConfig(environment);
  const log = createLogger('gateway', 'silent');
  const registry = new Registry();
  const metrics = gatewayMetrics(registry);
  const closing = closingOnDemand();
  const connected = subgraphs.map((subgraph) => ({ ...subgraph, pool: new Pool(subgraph.url.origin) }));
  const clientOf = (one: (typeof connected)[number]): SubgraphClient =>
    new SubgraphClient(one, { log, metrics, timeoutMs: 500 });
  const known = new Knowledge({ source: rows, log });
  closing.add('knowledge', () => { known.stop(); }); // prettier-ignore
  await known.refresh();
  const upstreams = new Map(connected.map((subgraph) => [subgraph.name, new Upstream({ ...subgraph, log })]));
  for (const { name, pool } of connected) closing.add(name, () => pool.destroy());
  for (const [name, upstream] of upstreams) closing.add(name, () => upstream.close());
  const { port } = await startGateway({
    config: { ...config, HOST: '127.0.0.1', PORT: 0 },
    graph: await Graph.load(composeSupergraph(subgraphs), log),
    identify: identifier({
      verify: rememberingVerifier(
        accessTokenVerifier({ ...issuer, keys: createRemoteJWKSet(issuer.jwksUrl) }),
      ),
      sessions: anonymousSessions(config.SESSION_KEYS),
      trustedProxies: config.TRUSTED_PROXIES,
      known,
    }),
    known,
    clients: new Map(connected.map((one) => [one.name, clientOf(one)])),
    upstreams,
    checks: { subgraphs: anyReachable(connected) },
    health: healthOfAll(connected),
    documents: await openDocuments(config),
    followEveryMs: 20,
    rates: rateLimits({ limits: config, log, registry }),
    registry,
    metrics,
    live: limits,
    log,
    closing,
  });
  return { port, known, stop: () => closing.close() };
}
