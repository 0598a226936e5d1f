// The gateway's one port: GraphQL over HTTP, live updates over WebSocket, probes, and the query page in development.
import type { BlockList } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
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
import { addCors } from './caller/cors.js';
import type { Identify } from './caller/identify.js';
import { beginRequest, traceRequests } from './caller/request-trace.js';
import { GraphExecutor, type CallSubgraph } from './graph/executor.js';
import type { Graph } from './graph/graph.js';
import { checkConfigured, followFile } from './graph/follow-file.js';
import type { Knowledge } from './known/knowledge.js';
import { AcceptedDocuments } from './documents/accepted-documents.js';
import type { Documents } from './documents/documents.js';
import { keepPlanned } from './documents/keep-planned.js';
import { addGraph } from './graph-route.js';
import { startGraphServer } from './graph-server.js';
import { addAnswerHeaders, addErrorAnswers } from './http-answers.js';
import { httpFaults } from './http-faults.js';
import { admission } from './live/admission.js';
import type { LiveLimits } from './live/live-limits.js';
import { serveLiveSockets } from './live/live-socket.js';
import { serveLiveStreams } from './live/live-stream.js';
import { LiveUpdates } from './live/live-updates.js';
import { requestRunner } from './live/run-request.js';
import { SubscriptionPlans } from './live/subscription-plans.js';
import type { Upstream } from './live/upstream.js';
import { apolloRules } from './operation/apollo-rules.js';
import { masking, type Mask } from './operation/masking.js';
import type { GatewayMetrics } from './operation/metrics.js';
import type { CostLimits } from './limits/cost-limits.js';
import type { RateLimits } from './limits/rate-limits.js';
import { OperationRules, type OperationContext } from './operation/operation-rules.js';
import { ShortWay } from './operation/short-way.js';
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

/** 1 MiB: far more than any operation of ours, far less than what hurts. */
const bodyLimit = 1_048_576;

/** Starts to serve; resolves with the port once requests are taken. */
export async function startGateway(options: GatewayOptions): Promise<{ port: number }> {
  const { config, log, closing, metrics, graph, clients } = options;
  const production = config.NODE_ENV === 'production';
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would be made, and never written to.
    childLoggerFactory: (logger) => logger,
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
  const { rates, documents } = options;
  const rules = new OperationRules(metrics, { rates, costLimits: config, documents });
  const accepted = new AcceptedDocuments();
  const apollo = await startGraphServer({
    executor,
    production,
    plugins: [fastifyApolloDrainPlugin(server), apolloRules({ rules, executor, accepted })],
    log,
  });
  const mask = masking(log, !production);

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
  const shortWay = new ShortWay({ executor, accepted, rules, mask });
  await addGraph(server, { ...options, apollo, shortWay, load });

  await keepPlanned(documents.trusted, executor, options);
  followFile(executor, options);
  // Stopping Apollo Server lets requests under way finish, and closes the HTTP server.
  closing.add('http', () => apollo.stop());
  closing.add('kept connections', () => untilAllHaveLeft(server, config.DRAIN_MS ?? 0));
  serveLive({ server, executor, apollo, call, load, mask }, options);
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
  readonly mask: Mask;
}

function serveLive({ server, executor, apollo, call, load, mask }: LiveParts, options: GatewayOptions): void {
  const { config, metrics, closing, upstreams, live: limits, documents, rates } = options;
  const { identify, known } = options;
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
