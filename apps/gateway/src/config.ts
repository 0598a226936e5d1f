// The gateway's configuration: where the subgraphs are, who may call, whose tokens count.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { commonConfig, keyRing } from '@caregraph/runtime';

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
  /** What one operation may cost at most; see operation/cost.ts. */
  OPERATION_COST_LIMIT: z.coerce.number().positive().default(10_000),
  BOOKING_URL: z.url(),
  SCHEDULING_URL: z.url(),
  PAYMENTS_URL: z.url(),
  NOTIFICATIONS_URL: z.url(),
  CALENDAR_SYNC_URL: z.url(),
  VIEWER_KEYS_BOOKING: keyRing,
  VIEWER_KEYS_SCHEDULING: keyRing,
  VIEWER_KEYS_PAYMENTS: keyRing,
  VIEWER_KEYS_NOTIFICATIONS: keyRing,
  VIEWER_KEYS_CALENDAR_SYNC: keyRing,
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

export interface SubgraphAddress {
  /** The name in the supergraph, which is also the audience of its viewer tokens. */
  readonly name: string;
  /** Its GraphQL endpoint. */
  readonly url: URL;
  readonly keys: GatewayConfig['SESSION_KEYS'];
}

/** The subgraphs of the configuration. A URL without a path means `/graphql`. */
export const subgraphsOf = (config: GatewayConfig): SubgraphAddress[] => [
  { name: 'booking', url: endpoint(config.BOOKING_URL), keys: config.VIEWER_KEYS_BOOKING },
  { name: 'scheduling', url: endpoint(config.SCHEDULING_URL), keys: config.VIEWER_KEYS_SCHEDULING },
  { name: 'payments', url: endpoint(config.PAYMENTS_URL), keys: config.VIEWER_KEYS_PAYMENTS },
  { name: 'notifications', url: endpoint(config.NOTIFICATIONS_URL), keys: config.VIEWER_KEYS_NOTIFICATIONS },
  { name: 'calendar-sync', url: endpoint(config.CALENDAR_SYNC_URL), keys: config.VIEWER_KEYS_CALENDAR_SYNC },
];

export function endpoint(text: string): URL {
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url;
}
