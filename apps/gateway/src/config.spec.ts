import { ConfigError, readConfig } from '@caregraph/runtime';
import { gatewayConfig, subgraphsOf } from './config.js';

const ring = 'k1:0123456789abcdef0123456789abcdef';
const environment = {
  OIDC_ISSUER: 'https://login.example.org',
  OIDC_AUDIENCE: 'caregraph',
  OIDC_JWKS_URL: 'https://login.example.org/jwks',
  SESSION_KEYS: ring,
  ...Object.fromEntries(
    ['BOOKING', 'SCHEDULING', 'PAYMENTS', 'NOTIFICATIONS', 'CALENDAR_SYNC'].flatMap((name) => [
      [`${name}_URL`, `http://${name.toLowerCase().replace('_', '-')}:8080`],
      [`VIEWER_KEYS_${name}`, ring],
    ]),
  ),
};

describe('the configuration', () => {
  it('knows each subgraph by its name in the supergraph, at /graphql unless it says otherwise', () => {
    const config = readConfig(gatewayConfig, {
      ...environment,
      PAYMENTS_URL: 'https://payments.example.org/api',
    });
    expect(subgraphsOf(config).map(({ name, url }) => [name, url.href])).toEqual([
      ['booking', 'http://booking:8080/graphql'],
      ['scheduling', 'http://scheduling:8080/graphql'],
      ['payments', 'https://payments.example.org/api'],
      ['notifications', 'http://notifications:8080/graphql'],
      ['calendar-sync', 'http://calendar-sync:8080/graphql'],
    ]);
  });

  it('lists everything wrong with it at once', () => {
    const wrong = {
      ...environment,
      OIDC_ISSUER: undefined,
      SESSION_KEYS: 'short',
      PUBLIC_ORIGINS: 'https://portal.example.org/path',
      TRUSTED_PROXIES: '10.0.0.0/8,proxy.example.org',
    };
    const read = (): unknown => readConfig(gatewayConfig, wrong);
    expect(read).toThrow(ConfigError);
    for (const name of ['OIDC_ISSUER', 'SESSION_KEYS', 'PUBLIC_ORIGINS', 'TRUSTED_PROXIES'])
      expect(read).toThrow(name);
  });

  it('trusts the proxies that it names, in either family', () => {
    const { TRUSTED_PROXIES } = readConfig(gatewayConfig, {
      ...environment,
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    });
    expect(TRUSTED_PROXIES.check('10.1.2.3')).toBe(true);
    expect(TRUSTED_PROXIES.check('::1', 'ipv6')).toBe(true);
    expect(TRUSTED_PROXIES.check('11.1.2.3')).toBe(false);
  });
});
