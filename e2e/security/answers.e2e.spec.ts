// Check 21: what every answer says, and does not say, to browsers, caches and whoever looks what runs here. TLS itself
// ends at the load balancer, which k8s/ has.
import { connect } from 'node:net';
import { demoToken } from '../support/demo-token.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, type Asked } from '../support/raw-http.js';

const json = { 'content-type': 'application/json' };
const body = JSON.stringify({ query: '{ paymentConfig { publishableKey } }' });

describe('every answer of a gateway in production', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway({
      PUBLIC_ORIGINS: 'https://portal.caregraph.example',
      RATE_LIMIT_ADDRESS: '300',
    });
  });
  afterAll(() => gateway.stop());

  const checked = (headers: Readonly<Record<string, unknown>>): void => {
    expect(headers['strict-transport-security']).toMatch(/max-age=31536000/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toContain('no-store');
    for (const banner of ['server', 'x-powered-by', 'via', 'x-runtime', 'x-version'])
      expect(headers).not.toHaveProperty(banner);
    expect(headers).not.toHaveProperty('set-cookie');
  };

  const answers: [string, Asked, number][] = [
    ['an operation', { headers: json, body }, 200],
    ['an operation by GET', { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers: { 'apollo-require-preflight': '1' } }, 200],
    ['a mistake', { headers: json, body: '{"query":"{ nothing }"}' }, 400],
    ['no JSON', { headers: json, body: '{' }, 400],
    ['a form', { headers: { 'content-type': 'text/plain' }, body }, 400],
    ['a body that is too large', { headers: json, body: 'x'.repeat(1_100_000) }, 413],
    ['a bad token', { headers: { ...json, authorization: 'Bearer x' }, body }, 401],
    ['an unknown place', { method: 'GET', path: '/nothing' }, 404],
    ['an address that cannot be decoded', { method: 'GET', path: '/%zz' }, 400],
    ['an unknown method', { method: 'DELETE' }, 405],
    ['a stream', { path: '/graphql/stream', headers: { ...json, accept: 'text/event-stream' }, body }, 200],
    ['a stream of nothing', { path: '/graphql/stream', headers: json, body: '{}' }, 400],
    ['the probe of life', { method: 'GET', path: '/healthz' }, 200],
    ['a preflight', { method: 'OPTIONS', headers: { origin: 'https://portal.caregraph.example', 'access-control-request-method': 'POST' } }, 204],
    ['headers without end', { headers: { ...json, 'x-long': 'x'.repeat(20_000) }, body }, 431],
  ]; // prettier-ignore
  it.each(answers)(
    'says over TLS alone, no sniffing, no storing, and no name: to %s',
    async (_what, asked, status) => {
      const answer = await ask(gateway.url, asked);
      expect(answer.status).toBe(status);
      checked(answer.headers);
    },
  );

  it('says so with personal data in it, and names the request', async () => {
    const authorization = `Bearer ${await demoToken({ login: 'patient' })}`;
    const answer = await ask(gateway.url, {
      headers: { ...json, authorization, 'x-request-id': 'mine-1' },
      body: JSON.stringify({ query: '{ myPatients { firstName email } }' }),
    });
    expect(answer.text).toContain('email');
    checked(answer.headers);
    expect(answer.headers['x-request-id']).toBe('mine-1');
  });

  it.each([
    ['no HTTP at all', 'HELLO\r\n\r\n'],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
    ],
    [
      'a length beside chunks',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a blank in a header’s name', 'GET /healthz HTTP/1.1\r\nhost : x\r\n\r\n'],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a line break in the address', 'GET /graphql\r\nx: y HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('says so to %s, once, and hangs up', async (_what, text) => {
    const said = await speak(gateway.port, text);
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(said.toLowerCase()).not.toMatch(/\r\n(server|x-powered-by):|fastify|node/);
    if (!text.startsWith('GET /healthz HTTP/1.1\r\n\r\n'))
      expect(said).toMatch(/x-content-type-options: nosniff/i);
  });

  it('says no more of the caller than he said: a request id that is none is not repeated', async () => {
    for (const id of ['<script>', 'a b', 'x'.repeat(129)]) {
      const answer = await ask(gateway.url, { headers: { ...json, 'x-request-id': id }, body });
      expect(answer.headers['x-request-id']).not.toBe(id);
    }
  });

  it('says so when it is one too many', async () => {
    for (;;) {
      const answer = await ask(gateway.url, { headers: json, body });
      checked(answer.headers);
      if (answer.status === 429) break;
    }
  });
});

/** Sends what is no request, and reads until the other side hangs up. */
function speak(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.setEncoding('utf8').on('data', (part: string) => (said += part));
    socket.setTimeout(15_000, () => socket.destroy(new Error(`Not hung up: ${said}`)));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve(said);
    });
  });
}
