// The gateway's configuration: where the subgraphs are, who may call, whose tokens count. Which subgraphs there are is
// the supergraph's word.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { commonConfig, ConfigError, keyRing, readConfig } from '@caregraph/runtime';
import { minimumVersions } from './caller/client-headers.js';
import type { JoinedGraph } from './graph/join-graph.js';
import { operationPatience } from './operation/operation-rules.js';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** `10.0.0.0/8,::1`: addresses and networks. */
const networks = list
  .refine((entries) => entries.every((entry) => isNetwork(entry)), {
    message: 'must be addresses or networks in CIDR form',
  })
  .transform((entries) => {
    const block = new BlockList();
    for (const entry of entries) {
      const [address = '', prefix] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) block.addAddress(address, family);
      else block.addSubnet(address, Number(prefix), family);
    }
    return block;
  });

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32));
}

export const gatewayConfig = commonConfig.extend({
  /** `off` takes everybody as nobody logged in and tells the subgraphs of no viewer; refused in production. */
  GATEWAY_AUTH: z.enum(['on', 'off']).default('on'),
  /** The identity provider's `iss`, exactly as it writes it. */
  OIDC_ISSUER: z.string().min(1),
  /** The audience that an access token for this API carries. */
  OIDC_AUDIENCE: z.string().min(1),
  OIDC_JWKS_URL: z.url(),
  /** Web origins that may call from a browser; none when left out. */
  PUBLIC_ORIGINS: list.refine((origins) => origins.every((origin) => isOrigin(origin)), {
    message: 'must be origins such as https://portal.example.org',
  }),
  /** Proxies whose X-Forwarded-For is believed; none when left out. */
  TRUSTED_PROXIES: networks,
  /** Signs the ids of anonymous sessions. */
  SESSION_KEYS: keyRing,
  /** The composed graph; when left out the file beside the program. */
  SUPERGRAPH_FILE: z.string().optional(),
  /** What one operation may cost at most; see operation/cost.ts and limits/cost-limits.ts. */
  OPERATION_COST_LIMIT: z.coerce.number().positive().default(10_000),
  OPERATION_COST_LIMIT_ANONYMOUS: z.coerce.number().positive().optional(),
  OPERATION_COST_LIMIT_PARTNER: z.coerce.number().positive().optional(),
  OPERATION_COST_LIMIT_STAFF: z.coerce.number().positive().optional(),
  /** Whether documents of clients' builds are preferred, or the only ones; `preferred` in production, else `off`. */
  TRUSTED_DOCUMENTS: z.enum(['off', 'preferred', 'only']).optional(),
  /** Their manifests, or folders of them; when left out the file beside the program. */
  TRUSTED_DOCUMENTS_FILES: list,
  /** How long an operation may take in all, milliseconds; subgraphs are told what is left of it. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(operationPatience),
  /** `web=1.2.0,ios=3.0.0`: the oldest versions that are still served, by X-Client-Name. */
  MINIMUM_CLIENT_VERSIONS: minimumVersions,
  /** Where replicas count together, as the role that owns nothing; left out, each counts for itself. */
  RATE_LIMIT_DATABASE_URL: z.url().optional(),
  /** The same database as its owner: the table is made before the gateway serves. Left out: somebody else makes it. */
  RATE_LIMIT_MIGRATION_DATABASE_URL: z.url().optional(),
  /** What one account, or else one session, may ask in a minute, in cost; why so much is said by ADR 0031. */
  RATE_LIMIT_CALLER: z.coerce.number().int().min(1).default(60_000),
  /** The same for one address: many people may sit behind it. */
  RATE_LIMIT_ADDRESS: z.coerce.number().int().min(1).default(600_000),
  /** Holds and bookings that one address may ask for in a minute. */
  RATE_LIMIT_BOOKINGS: z.coerce.number().int().min(1).default(300),
  /** Sockets and streams that one address may open in a minute. */
  RATE_LIMIT_CONNECTIONS: z.coerce.number().int().min(1).default(1_200),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

type Common = Omit<GatewayConfig, 'OIDC_ISSUER' | 'OIDC_AUDIENCE' | 'OIDC_JWKS_URL' | 'SESSION_KEYS'>;
type Environment = Readonly<Record<string, string | undefined>>;

export interface SubgraphAddress {
  /** The name in the supergraph, which is also the audience of its viewer tokens. */
  readonly name: string;
  /** Its GraphQL endpoint. */
  readonly url: URL;
  /** None without authentication. */
  readonly keys: GatewayConfig['SESSION_KEYS'] | undefined;
}

export interface Configured {
  /** Undefined without authentication. */
  readonly auth: GatewayConfig | undefined;
  readonly config: Common;
  readonly subgraphs: readonly SubgraphAddress[];
}

/** `calendar-sync` is `CALENDAR_SYNC` in the names of variables. */
export const variablePart = (subgraph: string): string =>
  subgraph.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');

/** What each subgraph is configured by. */
export const variablesOf = (subgraph: string): { readonly url: string; readonly keys: string } => ({
  url: `${variablePart(subgraph)}_URL`,
  keys: `VIEWER_KEYS_${variablePart(subgraph)}`,
});

/** Reads everything; throws one ConfigError that lists all mistakes. */
export function readGatewayConfig(graphs: readonly JoinedGraph[], environment: Environment): Configured {
  const parts = graphs.map(({ name }) => variablePart(name));
  const twice = graphs.find(({ name }, index) => parts.indexOf(variablePart(name)) !== index);
  if (twice) throw new ConfigError(`Two subgraphs would share the variable ${variablesOf(twice.name).url}.`);
  const isOpen = environment.GATEWAY_AUTH === 'off';
  const own = isOpen ? openTo(environment) : gatewayConfig;
  const read = readConfig(
    own.extend(Object.fromEntries(graphs.flatMap((graph) => shapeOf(graph, isOpen)))),
    environment,
  );
  const values = read as GatewayConfig & Record<string, unknown>;
  return {
    auth: isOpen ? undefined : values,
    config: values,
    subgraphs: graphs.map(({ name }) => ({
      name,
      url: endpoint(values[variablesOf(name).url] as string),
      keys: values[variablesOf(name).keys] as SubgraphAddress['keys'],
    })),
  };
}

/** Without authentication nothing of it is needed, and nothing of it is read. */
const openTo = ({ NODE_ENV }: Environment): z.ZodObject =>
  gatewayConfig
    .omit({ OIDC_ISSUER: true, OIDC_AUDIENCE: true, OIDC_JWKS_URL: true, SESSION_KEYS: true })
    .extend({
      GATEWAY_AUTH: z.enum(['on', 'off']).refine(() => (NODE_ENV ?? 'production') !== 'production', {
        message: 'off is refused in production',
      }),
    });

/** The supergraph's own address counts when there is one and the environment has no other. */
function shapeOf({ name, url }: JoinedGraph, isOpen: boolean): [string, z.ZodType][] {
  const variables = variablesOf(name);
  const address: z.ZodType = URL.canParse(url) ? z.url().default(url) : z.url();
  return [
    [variables.url, address],
    ...(isOpen ? [] : [[variables.keys, keyRing] satisfies [string, z.ZodType]]),
  ];
}

export function endpoint(text: string): URL {
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url;
}
