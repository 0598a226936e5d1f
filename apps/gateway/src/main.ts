// Starts the gateway. The only file that constructs anything.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRemoteJWKSet } from 'jose';
import pg from 'pg';
import { createLogger, createMetrics, followRings, gracefulShutdown, startTracing } from '@caregraph/runtime';
import { accessTokenVerifier } from './caller/access-token.js';
import { anonymousSessions } from './caller/anonymous-session.js';
import { identifier, type Identify } from './caller/identify.js';
import { rememberingVerifier } from './caller/remembered-tokens.js';
import { readGatewayConfig, type GatewayConfig } from './config.js';
import { openDocuments } from './documents/open-documents.js';
import { Graph } from './graph/graph.js';
import { joinedGraphs } from './graph/join-graph.js';
import { startKnowledge } from './known/start-knowledge.js';
import type { Knowledge } from './known/knowledge.js';
import { rateLimits } from './limits/rate-limits.js';
import { Upstream } from './live/upstream.js';
import { openToAll } from './open-to-all.js';
import { gatewayMetrics } from './operation/metrics.js';
import { startGateway } from './server.js';
import { healthOfAll } from './subgraph/health-of-all.js';
import { subgraphPool } from './subgraph/pool.js';
import { anyReachable } from './subgraph/reachable.js';
import { SubgraphClient } from './subgraph/subgraph-client.js';

// @apollo/gateway reports to its vendor unless this is set, and reads it when it is constructed.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

/** Beside the bundle, or one folder up when sources run. */
const besideProgram = (name: string): string[] =>
  ['./', '../'].map((folder) => fileURLToPath(new URL(folder + name, import.meta.url))).filter(existsSync);
const supergraphFile =
  process.env.SUPERGRAPH_FILE ?? besideProgram('supergraph.graphql')[0] ?? './supergraph.graphql';
const supergraphSdl = readFileSync(supergraphFile, 'utf8');

const { config, auth, subgraphs: addresses } = readGatewayConfig(joinedGraphs(supergraphSdl), process.env);
const log = createLogger('gateway', config.LOG_LEVEL);
if (!auth) log.warn('GATEWAY_AUTH=off: callers are not asked who they are');
const closing = gracefulShutdown(log);
startTracing('gateway', config, closing, { callers: 'anybody' });
const registry = createMetrics('gateway');
followRings({ config, log, metrics: registry, closing });
const metrics = gatewayMetrics(registry);

const subgraphs = addresses.map((subgraph) => ({ ...subgraph, pool: subgraphPool(subgraph.url) }));
const clients = new Map(
  subgraphs.map((subgraph) => [subgraph.name, new SubgraphClient(subgraph, { log, metrics })]),
);
const upstreams = new Map(subgraphs.map((subgraph) => [subgraph.name, new Upstream({ ...subgraph, log })]));
for (const { name, pool } of subgraphs) closing.add(`connections to ${name}`, () => pool.close());
for (const [name, upstream] of upstreams) closing.add(`socket to ${name}`, () => upstream.close());

const knowledge =
  auth &&
  startKnowledge({
    config: auth,
    pool: new pg.Pool({
      connectionString: auth.DATABASE_URL,
      max: 4,
      application_name: 'gateway knowledge',
      connectionTimeoutMillis: 1_000,
      query_timeout: 2_000,
    }),
    log,
    registry,
    closing,
  });
// Little patience: counting must never be what makes callers wait.
const counters =
  auth &&
  new pg.Pool({
    connectionString: auth.DATABASE_URL,
    max: 4,
    connectionTimeoutMillis: 500,
    query_timeout: 500,
  });
counters?.on('error', (error) => log.warn({ err: error }, 'an idle connection to the counters broke'));
if (counters) closing.add('counters', () => counters.end());

const identifyBy = (settings: GatewayConfig, known: Knowledge): Identify =>
  identifier({
    verify: rememberingVerifier(
      accessTokenVerifier({
        issuer: settings.OIDC_ISSUER,
        audience: settings.OIDC_AUDIENCE,
        // At most two fetches a minute for unknown keys, so that forged tokens cannot flood the identity provider.
        keys: createRemoteJWKSet(new URL(settings.OIDC_JWKS_URL), {
          cooldownDuration: 30_000,
          timeoutDuration: 5_000,
        }),
      }),
    ),
    sessions: anonymousSessions(settings.SESSION_KEYS),
    trustedProxies: settings.TRUSTED_PROXIES,
    known,
  });

const healthOf = healthOfAll(subgraphs);
await startGateway({
  config,
  graph: await Graph.load(supergraphSdl, log),
  supergraphFile,
  identify: auth && knowledge ? identifyBy(auth, knowledge.known) : openToAll(config.TRUSTED_PROXIES),
  known: knowledge?.known,
  clients,
  upstreams,
  checks: { subgraphs: anyReachable(subgraphs), ...(knowledge && { knowledge: knowledge.ready }) },
  health: async () => ({ ...(await healthOf()), ...knowledge?.health() }),
  documents: await openDocuments(config, besideProgram('documents.json').slice(0, 1)),
  rates: rateLimits({ limits: config, counters, log, registry }),
  registry,
  metrics,
  log,
  closing,
});
