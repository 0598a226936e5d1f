// The gateway's one port: GraphQL over HTTP, live updates over WebSocket, probes, and the query page in development.
import type { BlockList } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import {
  addProbes,
  Load,
  sayGoodbye,
  untilAllHaveLeft,
  type Closing,
  type HealthChecks,
  type LoadLimits,
  type Logger,
} from '@caregraph/runtime';
import type { StepUpRules } from '@caregraph/subgraph';
import { sessionHeader } from './caller/anonymous-session.js';
import { addCors } from './caller/cors.js';
import { demandVersion, timeZoneOf } from './caller/client-headers.js';
import { presentedBy, type Caller, type Identify } from './caller/identify.js';
import { currentRequestId } from './caller/request-id.js';
import { beginRequest, traceRequests } from './caller/request-trace.js';
import { GraphExecutor, type CallSubgraph } from './graph/executor.js';
import type { Graph } from './graph/graph.js';
import { checkConfigured, followFile } from './graph/follow-file.js';
import type { Knowledge } from './known/knowledge.js';
import type { AskedDocument, Documents } from './documents/documents.js';
import { keepPlanned } from './documents/keep-planned.js';
import { askedOverHttp } from './documents/over-http.js';
import { graphiql, opensPage } from './graphiql.js';
import { startGraphServer } from './graph-server.js';
import { addAnswerHeaders, addErrorAnswers, codeOfFault } from './http-answers.js';
import { httpFaults } from './http-faults.js';
import { admission } from './live/admission.js';
import { masking } from './live/begin.js';
import type { LiveLimits } from './live/live-limits.js';
import { serveLiveSockets } from './live/live-socket.js';
import { serveLiveStreams } from './live/live-stream.js';
import { LiveUpdates } from './live/live-updates.js';
import { requestRunner } from './live/run-request.js';
import { SubscriptionPlans } from './live/subscription-plans.js';
import type { Upstream } from './live/upstream.js';
import { outcomeOf, type GatewayMetrics } from './operation/metrics.js';
import type { CostLimits } from './limits/cost-limits.js';
import { overloaded } from './limits/overloaded.js';
import type { RateLimits } from './limits/rate-limits.js';
import { whenLeft } from './limits/when-left.js';
import { deadlineFromNow, operationRules, type OperationContext } from './operation/operation-rules.js';
import type { SubgraphClient } from './subgraph/subgraph-client.js';

export interface GatewayOptions {
  readonly config: {
    readonly HOST: string;
    readonly PORT: number;
    readonly NODE_ENV: string;
    readonly PUBLIC_ORIGINS: readonly string[];
    readonly REQUEST_TIMEOUT_MS: number;
    readonly STEP_UP_MAX_AGE_MINUTES: number;
    /** See `untilAllHaveLeft`; nobody is waited for when left out. */
    readonly DRAIN_MS?: number;
    readonly MINIMUM_CLIENT_VERSIONS: ReadonlyMap<string, string>;
    readonly TRUSTED_PROXIES: BlockList;
  } & CostLimits &
    Partial<LoadLimits>;
  readonly graph: Graph;
  /** Where the graph is from: a change of the file is served without a restart. Not followed when left out. */
  readonly supergraphFile?: string | URL;
  /** How often the file is looked at, in milliseconds; a second when left out. */
  readonly followEveryMs?: number;
  readonly identify: Identify;
  /** What is known of callers and flags; none where nobody is asked who he is. */
  readonly known?: Pick<Knowledge, 'follow' | 'followLabels' | 'isMoved'> | undefined;
  /** By the name of the subgraph, each that the supergraph has. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Of live updates, where they are other than usual. */
  readonly live?: Partial<LiveLimits>;
  /** Readiness; see `reachable.ts`. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** How each app stands; see `health-of-all.ts`. */
  readonly health: () => Promise<HealthChecks>;
  readonly rates: RateLimits;
  readonly documents: Documents;
  readonly registry: Registry;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
  readonly closing: Closing;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    document?: AskedDocument | undefined;
    timeZone?: string | undefined;
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
    // Who still has a connection is answered on it.
    return503OnClosing: false,
    ...httpFaults(production),
  }) as unknown as FastifyInstance;
  checkConfigured(graph, clients);
  const call = callOf(clients);
  const stepUp = stepUpOf(config);
  const executor = new GraphExecutor(graph, call, { stepUp, decideLabel: options.known?.isMoved });
  const apollo = await startGraphServer({
    executor,
    production,
    plugins: [
      fastifyApolloDrainPlugin(server),
      operationRules(metrics, {
        executor,
        rates: options.rates,
        costLimits: config,
        documents: options.documents,
      }),
    ],
    log,
  });

  traceRequests(server);
  sayGoodbye(server, closing);
  addAnswerHeaders(server, production);
  addErrorAnswers(server, log);
  await addCors(server, config.PUBLIC_ORIGINS);
  addProbes(server, {
    checks: options.checks,
    health: options.health,
    closing: () => closing.closing,
    metrics: options.registry,
  });
  const load = new Load(config, options.registry);
  closing.add('load', () => {
    load.stop();
  });
  await addGraph(server, apollo, load, options);

  await keepPlanned(options.documents.trusted, executor, options);
  followFile(executor, options);
  // Stopping Apollo Server lets requests under way finish, and closes the HTTP server.
  closing.add('http', () => apollo.stop());
  closing.add('kept connections', () => untilAllHaveLeft(server, config.DRAIN_MS ?? 0));
  serveLive({ server, executor, apollo, call, load }, options);
  // All clients of a replica that ended come back at once: so many connections may wait to be taken.
  await server.listen({ host: config.HOST, port: config.PORT, backlog: 4_096 });
  const { port } = server.server.address() as { port: number };
  log.info({ port }, 'serving');
  return { port };
}

const stepUpOf = ({ STEP_UP_MAX_AGE_MINUTES }: GatewayOptions['config']): StepUpRules => ({
  maxAgeMinutes: STEP_UP_MAX_AGE_MINUTES,
});

interface LiveParts {
  readonly server: FastifyInstance;
  readonly executor: GraphExecutor;
  readonly apollo: ApolloServer<OperationContext>;
  readonly call: CallSubgraph;
  readonly load: Load;
}

function serveLive({ server, executor, apollo, call, load }: LiveParts, options: GatewayOptions): void {
  const { config, log, metrics, closing, upstreams, live: limits, documents, rates } = options;
  const { identify, known } = options;
  const mask = masking(log, config.NODE_ENV !== 'production');
  const plans = new SubscriptionPlans(executor, stepUpOf(config));
  const updates = new LiveUpdates({ upstreams, plans, call, metrics, mask, limits });
  const replan = updates.replan.bind(updates);
  executor.onSchemaLoadOrUpdate(replan);
  known?.followLabels(replan);
  const run = requestRunner(apollo, config.REQUEST_TIMEOUT_MS);
  const admit = admission(plans, rates, config);
  const common = { identify, known, plans, updates, run, metrics, mask, documents, admit, load };
  const door = { origins: config.PUBLIC_ORIGINS, trustedProxies: config.TRUSTED_PROXIES, load, rates };
  const live = { ...common, closing: () => closing.closing };
  closing.add('sockets', serveLiveSockets({ ...live, server: server.server, door }));
  closing.add('streams', serveLiveStreams(server, { ...live, rates, config }));
}

const callOf =
  (clients: ReadonlyMap<string, SubgraphClient>): CallSubgraph =>
  (call, context) => {
    const client = clients.get(call.subgraph);
    if (!client) throw new Error(`No client for ${call.subgraph}.`);
    return client.call(call, context);
  };

async function addGraph(
  server: FastifyInstance,
  apollo: ApolloServer<OperationContext>,
  load: Load,
  { identify, config, metrics, documents }: GatewayOptions,
): Promise<void> {
  const sendPage = config.NODE_ENV === 'development' ? await graphiql() : undefined;
  if (sendPage) server.get('/', (_request, reply) => sendPage(reply));

  const execute = fastifyApolloHandler(apollo, {
    context: (request, reply) => {
      if (!request.caller) throw new Error('A request without a caller.');
      return Promise.resolve({
        viewer: request.caller.viewer,
        deadline: deadlineFromNow(config.REQUEST_TIMEOUT_MS),
        left: whenLeft(reply.raw),
        timeZone: request.timeZone,
        knownSession: request.caller.issuedSession === null,
        document: request.document,
      });
    },
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: a bad token is not worth reading it.
    onRequest: async (request, reply) => {
      if (sendPage && opensPage(request)) return sendPage(reply);
      if (!(await load.admits(reply))) throw overloaded();
      demandVersion(request.headers, config.MINIMUM_CLIENT_VERSIONS);
      request.timeZone = timeZoneOf(request.headers);
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
    handler: (request, reply) => {
      if (request.caller) request.document = askedOverHttp(documents, request, request.caller.viewer);
      return currentRequestId.run(request.id, () => execute.call(server, request, reply));
    },
  });
}
