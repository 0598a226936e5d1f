import { ConfigError } from '@caregraph/runtime';
import { readGatewayConfig, type Configured } from './config.js';

const ring = 'k1:0123456789abcdef0123456789abcdef';
const environment = {
  OIDC_ISSUER: 'https://login.example.org',
  OIDC_AUDIENCE: 'caregraph',
  OIDC_JWKS_URL: 'https://login.example.org/jwks',
  SESSION_KEYS: ring,
  DATABASE_URL: 'postgresql://gateway_app@database/gateway',
  EVENT_LOG_URL: 'postgresql://event_log_app@database/event_log',
  ...Object.fromEntries(
    ['BOOKING', 'SCHEDULING', 'PAYMENTS', 'NOTIFICATIONS', 'CALENDAR_SYNC'].flatMap((name) => [
      [`${name}_URL`, `http://${name.toLowerCase().replace('_', '-')}:8080`],
      [`VIEWER_KEYS_${name}`, ring],
    ]),
  ),
};

const graphs = ['booking', 'scheduling', 'payments', 'notifications', 'calendar-sync'].map((name) => ({
  name,
  url: `${name.toUpperCase()}_URL`,
}));
const read = (changes: Record<string, string | undefined> = {}, named = graphs): Configured =>
  readGatewayConfig(named, { ...environment, ...changes });
const hrefs = ({ subgraphs }: Configured): [string, string][] =>
  subgraphs.map(({ name, url }) => [name, url.href]);

describe('the configuration', () => {
  it('knows each subgraph by its name in the supergraph, at /graphql unless it says otherwise', () => {
    expect(hrefs(read({ PAYMENTS_URL: 'https://payments.example.org/api' }))).toEqual([
      ['booking', 'http://booking:8080/graphql'],
      ['scheduling', 'http://scheduling:8080/graphql'],
      ['payments', 'https://payments.example.org/api'],
      ['notifications', 'http://notifications:8080/graphql'],
      ['calendar-sync', 'http://calendar-sync:8080/graphql'],
    ]);
  });

  it('takes whatever subgraphs the supergraph has, at its addresses unless the environment has others', () => {
    const named = [
      { name: 'stock', url: 'http://stock.example.org/query' },
      { name: 'Film.reviews', url: 'http://reviews.example.org/' },
    ];
    const changes = { VIEWER_KEYS_STOCK: ring, VIEWER_KEYS_FILM_REVIEWS: ring };
    expect(hrefs(read({ ...changes, STOCK_URL: 'http://127.0.0.1:4001' }, named))).toEqual([
      ['stock', 'http://127.0.0.1:4001/graphql'],
      ['Film.reviews', 'http://reviews.example.org/graphql'],
    ]);
    expect(() => read({}, named)).toThrow(/VIEWER_KEYS_STOCK[^]*VIEWER_KEYS_FILM_REVIEWS/);
    const alike = ['a-b', 'a_b'].map((name) => ({ name, url: 'http://a.example.org' }));
    expect(() => read({}, alike)).toThrow('Two subgraphs would share the variable A_B_URL');
  });

  it('lists everything wrong with it at once', () => {
    const wrong = {
      OIDC_ISSUER: undefined,
      SESSION_KEYS: 'short',
      DATABASE_URL: undefined,
      EVENT_LOG_URL: undefined,
      PUBLIC_ORIGINS: 'https://portal.example.org/path',
      TRUSTED_PROXIES: '10.0.0.0/8,proxy.example.org',
      BOOKING_URL: undefined,
      VIEWER_KEYS_PAYMENTS: undefined,
      GATEWAY_AUTH: 'perhaps',
    };
    expect(() => read(wrong)).toThrow(ConfigError);
    for (const name of Object.keys(wrong)) expect(() => read(wrong)).toThrow(name);
  });

  it('without authentication needs no identity provider, no keys and no database', () => {
    const named = [{ name: 'stock', url: 'http://stock.example.org/query' }];
    const open = readGatewayConfig(named, { GATEWAY_AUTH: 'off', NODE_ENV: 'development' });
    expect(open.auth).toBeUndefined();
    expect(open.subgraphs).toEqual([
      { name: 'stock', url: new URL('http://stock.example.org/query'), keys: undefined },
    ]);
  });

  it.each([undefined, 'production'])('does without authentication not where NODE_ENV is %s', (NODE_ENV) => {
    expect(() => read({ GATEWAY_AUTH: 'off', NODE_ENV })).toThrow(
      'GATEWAY_AUTH: off is refused in production',
    );
  });

  it('trusts the proxies that it names, in either family', () => {
    const { TRUSTED_PROXIES } = read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).config;
    expect(TRUSTED_PROXIES.check('10.1.2.3')).toBe(true);
    expect(TRUSTED_PROXIES.check('::1', 'ipv6')).toBe(true);
    expect(TRUSTED_PROXIES.check('11.1.2.3')).toBe(false);
  });
});
