// Serves one subgraph: the viewer is verified on the raw body before anything is parsed, each request has an entity
// manager of its own, probes and webhooks stand outside.
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { MikroORM } from '@mikro-orm/postgresql';
import {
  addProbes,
  Load,
  sayGoodbye,
  shedRetryAfterSeconds,
  untilAllHaveLeft,
  viewerVerifier,
  type Clock,
  type Closing,
  type LoadLimits,
  type Logger,
  type Probes,
  type Viewer,
  type ViewerKey,
} from '@caregraph/runtime';
import { answerFaults, refuse, requireViewer } from './caller.js';
import type { RequestDeps } from './deps.js';
import { masked, maskingPlugin } from './masking.js';
import { defaultStepUp } from './requirements.js';
import { honourPatience, patiencePlugin } from './patience.js';
import { traceGraph, traceWebhooks } from './request-traces.js';
import { buildSubgraph, type SubgraphSchema } from './schema.js';
import { serveSubscriptions } from './subscriptions.js';

export interface SubgraphOptions<Deps extends RequestDeps> extends SubgraphSchema<Deps> {
  /** The app's name, which is also the audience of its viewer tokens. */
  readonly name: string;
  readonly config: {
    readonly HOST: string;
    readonly PORT: number;
    readonly NODE_ENV: string;
    readonly VIEWER_KEYS: Iterable<ViewerKey>;
    readonly STEP_UP_MAX_AGE_MINUTES?: number;
    /** See `untilAllHaveLeft`; nobody is waited for when left out. */
    readonly DRAIN_MS?: number;
  } & Partial<LoadLimits>;
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly log: Logger;
  readonly probes: Omit<Probes, 'closing'>;
  readonly closing: Closing;
  /** Adds what the app's own use cases need to what every request has. */
  readonly deps: (request: RequestDeps) => Deps;
  /** Webhooks of vendors: outside the viewer check, with the raw body. */
  readonly routes?: (server: FastifyInstance) => void;
}

/** 1 MiB: far more than any operation of ours, far less than what hurts. */
const bodyLimit = 1_048_576;

/** Starts to serve; resolves with the port once requests are taken. */
export async function startSubgraph<Deps extends RequestDeps>(
  options: SubgraphOptions<Deps>,
): Promise<{ port: number }> {
  const { config, log, closing, orm, clock } = options;
  const maxAgeMinutes = config.STEP_UP_MAX_AGE_MINUTES ?? defaultStepUp.maxAgeMinutes;
  const { schema } = await buildSubgraph(options, { maxAgeMinutes });
  const depsOf = (viewer: Viewer): Deps =>
    options.deps({ em: orm.em.fork(), viewer, now: clock.now(), requestId: viewer.requestId });
  const verify = viewerVerifier(options.name, config.VIEWER_KEYS);
  const server = httpServer(log, closing);
  const apollo = apolloServer<Deps>(schema, server, options);
  await apollo.start();

  addProbes(server, { ...options.probes, closing: () => closing.closing });
  await server.register((webhooks, _options, done) => {
    traceWebhooks(webhooks);
    options.routes?.(webhooks);
    done();
  });
  const load = new Load(config, options.probes.metrics);
  closing.add('load', () => {
    load.stop();
  });
  await server.register(async (graph) => {
    shedLoad(graph, load);
    requireViewer(graph, verify);
    honourPatience(graph);
    traceGraph(graph);
    await graph.register(fastifyApollo(apollo), {
      path: '/graphql',
      method: 'POST',
      context: (request: FastifyRequest) => Promise.resolve(depsOf(request.viewer as Viewer)),
    });
  });

  await server.listen({ host: config.HOST, port: config.PORT });
  closing.add('http', () => server.close());
  closing.add('kept connections', () => untilAllHaveLeft(server, config.DRAIN_MS ?? 0));
  closing.add('subscriptions', serveSubscriptions({ server: server.server, schema, verify, depsOf, log }));
  const { port } = server.server.address() as { port: number };
  log.info({ port }, 'serving');
  return { port };
}

/** Probes and webhooks stand outside: a vendor that is sent away comes again much later. */
const shedLoad = (graph: FastifyInstance, load: Load): unknown =>
  graph.addHook('onRequest', async (_request, reply) => {
    if (await load.admits(reply)) return undefined;
    void reply.header('retry-after', shedRetryAfterSeconds);
    return refuse(reply, 503, 'UNAVAILABLE', 'There is too much to do at the moment.');
  });

function httpServer(log: Logger, closing: Closing): FastifyInstance {
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    // Who still has a connection is answered on it.
    return503OnClosing: false,
    // Webhooks are open to the world: a body that comes drop by drop would be waited for for ever.
    requestTimeout: 30_000,
  }) as unknown as FastifyInstance;
  // The raw bytes are what the viewer token, and a vendor's signature, are bound to.
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  sayGoodbye(server, closing);
  answerFaults(server, log);
  return server;
}

const apolloServer = <Deps extends RequestDeps>(
  schema: GraphQLSchema,
  server: FastifyInstance,
  { config, log }: Pick<SubgraphOptions<Deps>, 'config' | 'log'>,
): ApolloServer<Deps> =>
  new ApolloServer<Deps>({
    schema,
    introspection: config.NODE_ENV !== 'production',
    includeStacktraceInErrorResponses: false,
    logger: log,
    // For what fails before there is a request; the plugin masks the rest again, with the request's id.
    formatError: (_formatted, error) => masked(error, 'unknown'),
    // It would end the process by the signal as soon as the server has stopped; `closing` ends all in order.
    stopOnTerminationSignals: false,
    plugins: [
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginInlineTraceDisabled(),
      patiencePlugin,
      maskingPlugin(log),
    ],
  });
