// The gateway's one port: GraphQL over HTTP, live updates over WebSocket, probes, and the query page in development.
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { addProbes, type Closing, type HealthChecks, type Logger } from '@caregraph/runtime';
import { sessionHeader } from './caller/anonymous-session.js';
import { presentedBy, type Caller, type Identify } from './caller/identify.js';
import { currentRequestId } from './caller/request-id.js';
import { beginRequest, traceRequests } from './caller/request-trace.js';
import { GraphExecutor, type CallSubgraph } from './graph/executor.js';
import type { Graph } from './graph/graph.js';
import { graphiql, opensPage } from './graphiql.js';
import { startGraphServer } from './graph-server.js';
import { addAnswerHeaders, addErrorAnswers, codeOfFault } from './http-answers.js';
import { serveLiveSockets } from './live/live-socket.js';
import { LiveUpdates } from './live/live-updates.js';
import { SubscriptionPlans } from './live/subscription-plans.js';
import type { Upstream } from './live/upstream.js';
import { outcomeOf, type GatewayMetrics } from './operation/metrics.js';
import { deadlineFromNow, operationRules, type OperationContext } from './operation/operation-rules.js';
import type { SubgraphClient } from './subgraph/subgraph-client.js';

export interface GatewayOptions {
  readonly config: {
    readonly HOST: string;
    readonly PORT: number;
    readonly NODE_ENV: string;
    readonly PUBLIC_ORIGINS: readonly string[];
    readonly STEP_UP_MAX_AGE_MINUTES: number;
    readonly OPERATION_COST_LIMIT: number;
  };
  readonly graph: Graph;
  readonly identify: Identify;
  /** By the name of the subgraph, each that the supergraph has. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Readiness; see `reachable.ts`. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** How each app stands; see `health-of-all.ts`. */
  readonly health: () => Promise<HealthChecks>;
  readonly registry: Registry;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
  readonly closing: Closing;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
  }
}

/** 1 MiB: far more than any operation of ours, far less than what hurts. */
const bodyLimit = 1_048_576;

/** Starts to serve; resolves with the port once requests are taken. */
export async function startGateway(options: GatewayOptions): Promise<{ port: number }> {
  const { config, log, closing, metrics, graph, clients } = options;
  const production = config.NODE_ENV === 'production';
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    genReqId: beginRequest,
    // A socket that sends its headers drop by drop would otherwise be held open for ever.
    requestTimeout: 30_000,
  }) as unknown as FastifyInstance;
  const call = callOf(graph, clients);
  const stepUp = { maxAgeMinutes: config.STEP_UP_MAX_AGE_MINUTES };
  const executor = new GraphExecutor(graph, call, stepUp);
  const apollo = await startGraphServer({
    executor,
    production,
    plugins: [
      fastifyApolloDrainPlugin(server),
      operationRules(metrics, { executor, costLimit: config.OPERATION_COST_LIMIT }),
    ],
    log,
  });

  traceRequests(server);
  addAnswerHeaders(server, production);
  addErrorAnswers(server, log);
  await addCors(server, config.PUBLIC_ORIGINS);
  addProbes(server, {
    checks: options.checks,
    health: options.health,
    closing: () => closing.closing,
    metrics: options.registry,
  });
  await addGraph(server, apollo, options);

  await server.listen({ host: config.HOST, port: config.PORT });
  // Stopping Apollo Server lets requests under way finish, and closes the HTTP server.
  closing.add('http', () => apollo.stop());
  const plans = new SubscriptionPlans(executor, stepUp);
  const endSockets = serveLiveSockets({
    server: server.server,
    origins: config.PUBLIC_ORIGINS,
    identify: options.identify,
    plans,
    updates: new LiveUpdates({ upstreams: options.upstreams, call }),
    metrics,
    suggestions: !production,
    log,
  });
  closing.add('sockets', endSockets);
  const { port } = server.server.address() as { port: number };
  log.info({ port }, 'serving');
  return { port };
}

/** Throws for a graph with a subgraph that is not configured. */
function callOf({ subgraphs }: Graph, clients: ReadonlyMap<string, SubgraphClient>): CallSubgraph {
  const missing = subgraphs.filter((name) => !clients.has(name));
  if (missing.length > 0)
    throw new Error(`The supergraph has a subgraph that is not configured: ${missing.join(', ')}.`);
  return (call, context) => {
    const client = clients.get(call.subgraph);
    if (!client) throw new Error(`No client for ${call.subgraph}.`);
    return client.call(call, context);
  };
}

const addCors = (server: FastifyInstance, origins: readonly string[]): Promise<unknown> =>
  Promise.resolve(
    server.register(cors, {
      origin: [...origins],
      methods: ['GET', 'POST'],
      allowedHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'traceparent',
        'x-idempotency-key',
        'x-request-id',
        sessionHeader,
        'apollo-require-preflight',
      ],
      exposedHeaders: ['x-request-id', sessionHeader],
      maxAge: 600,
    }),
  );

async function addGraph(
  server: FastifyInstance,
  apollo: ApolloServer<OperationContext>,
  { identify, config, metrics }: GatewayOptions,
): Promise<void> {
  const sendPage = config.NODE_ENV === 'development' ? await graphiql() : undefined;
  if (sendPage) server.get('/', (_request, reply) => sendPage(reply));

  const execute = fastifyApolloHandler(apollo, {
    context: (request) => {
      if (!request.caller) throw new Error('A request without a caller.');
      return Promise.resolve({ viewer: request.caller.viewer, deadline: deadlineFromNow() });
    },
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: a bad token is not worth reading it.
    onRequest: async (request, reply) => {
      if (sendPage && opensPage(request)) return sendPage(reply);
      request.caller = await identify(presentedBy(request.raw, request.id));
      const { issuedSession } = request.caller;
      if (issuedSession !== null) void reply.header(sessionHeader, issuedSession);
      return undefined;
    },
    // What fails out here never becomes an operation, and would else be missing in the rate of errors.
    onError: (_request, reply, error, done) => {
      metrics.request('unread', outcomeOf([codeOfFault(error)]), reply.elapsedTime / 1000);
      done();
    },
    handler: (request, reply) => currentRequestId.run(request.id, () => execute.call(server, request, reply)),
  });
}
