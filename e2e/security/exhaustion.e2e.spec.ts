// Check 23: connections that say nothing, bodies that grow and texts that nest take neither places nor memory from others.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { eventually } from '@caregraph/testing';
import { demoToken } from '../support/demo-token.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, codesOf } from '../support/raw-http.js';
import { residentMiB } from '../support/resident.js';

const json = { 'content-type': 'application/json' };
/** Of those that the machine lets one process have; both ends are counted. */
const idle = Math.floor(Math.min(10_000, mostFiles() * 0.75) / 100) * 100;
const slow = 200;
const dribbles = [
  'POST /graphql HTTP/1.1\r\nhost: x\r\n',
  'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
];

/** What Node raises its own limit to when it starts. */
function mostFiles(): number {
  const [, most = ''] = /^Max open files +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return most === 'unlimited' ? Infinity : Number(most);
}

describe('a gateway', () => {
  let gateway: ProductionGateway;
  let others: Socket[];
  let before: number;
  beforeAll(async () => {
    gateway = await startProductionGateway();
    before = residentMiB(gateway.pid);
    others = [];
    while (others.length < idle + slow) {
      const text = others.length < idle ? '' : (dribbles[(others.length / 100) % 2] ?? '');
      others.push(...(await Promise.all(Array.from({ length: 100 }, () => opened(gateway.port, text)))));
      // What is answered now was accepted after them: beyond its backlog the kernel forgets connections, and the side
      // that opened one and says nothing never hears of it.
      await ask(gateway.url, { method: 'GET', path: '/healthz' });
    }
  });
  afterAll(async () => {
    for (const socket of others) socket.destroy();
    await gateway.stop();
  });

  const alive = async (): Promise<void> => {
    const started = performance.now();
    expect((await ask(gateway.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    // A tenth of a second on a machine of its own; here others work beside it.
    expect(performance.now() - started).toBeLessThan(2_000);
  };

  it(`with ${idle} connections that say nothing and ${slow} that dribble headers or a body still answers, in bounded memory`, async () => {
    await alive();
    expect((await askGraph(gateway.url, '{ paymentConfig { publishableKey } }')).status).toBe(200);
    expect(residentMiB(gateway.pid) - before).toBeLessThan(300);
  });

  it('answers BAD_USER_INPUT to what is packed: it unpacks nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    expect(bomb.length).toBeLessThan(1_000_000);
    const held = residentMiB(gateway.pid);
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
      const headers = { ...json, 'content-encoding': encoding };
      const answer = await ask(gateway.url, { headers, body: bomb });
      expect([400, 415]).toContain(answer.status);
      expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    }
    expect(residentMiB(gateway.pid) - held).toBeLessThan(60);
    await alive();
  });

  const deep = (open: string, close: string, levels: number, inside = '1'): string =>
    `${open.repeat(levels)}${inside}${close.repeat(levels)}`;
  const document = 'query ($input: HoldSlotInput) { __typename @skip(if: false) }';
  const used = 'mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { __typename } }';
  const nestings: [string, string][] = [
    ['a body of lists', deep('[', ']', 100_000)],
    ['a body of objects', deep('{"a":', '}', 100_000)],
    ['variables', `{"query":${JSON.stringify(used)},"variables":{"input":${deep('[', ']', 100_000)}}}`],
    ['variables of objects', `{"query":${JSON.stringify(used)},"variables":{"input":${deep('{"offer":', '}', 100_000)}}}`],
    ['variables that nobody asked for', `{"query":"{ __typename }","variables":{"x":${deep('[', ']', 100_000)}}}`],
    ['variables that nobody uses', `{"query":${JSON.stringify(document)},"variables":{"input":${deep('[', ']', 100_000)}}}`],
    ['extensions', `{"query":"{ __typename }","extensions":{"x":${deep('[', ']', 100_000)}}}`],
    ['extensions of a persisted query', `{"query":"{ __typename }","extensions":{"persistedQuery":${deep('{"version":', '}', 100_000)}}}`],
    ['a query', `{"query":${deep('[', ']', 100_000)}}`],
    ['values in a document', JSON.stringify({ query: `{ practice(id: ${deep('[', ']', 100_000)}) { id } }` })],
    ['values in a document within its tokens', JSON.stringify({ query: `{ practice(id: ${deep('[', ']', 2_000)}) { id } }` })],
    ['types of variables', JSON.stringify({ query: `query ($a: ${deep('[', ']', 2_000, 'Int')}) { __typename }` })],
  ]; // prettier-ignore
  it.each(nestings)('is not thrown by 100,000 levels of nesting: %s', async (_where, body) => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const answer = await ask(gateway.url, { path, headers: json, body });
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toContain('INTERNAL_SERVER_ERROR');
    }
    await alive();
  });

  it('is not thrown by them at a socket either', async () => {
    for (const [, body] of nestings.filter(
      ([, text]) => text.startsWith('{"query":"') || text.includes('"variables"'),
    )) {
      const socket = await LiveSocket.open(gateway.subscriptions);
      await socket.init();
      socket.say(`{"type":"subscribe","id":"1","payload":${body}}`);
      await eventually(
        'it is answered or closed',
        () =>
          socket.closed ??
          (socket.heard.some(({ type }) => type === 'error' || type === 'complete') ? true : undefined),
      );
      expect(JSON.stringify(socket.heard)).not.toContain('INTERNAL_SERVER_ERROR');
      socket.close();
    }
    await alive();
  });

  it('reads long texts in no more than the time that their length needs', async () => {
    const token = await demoToken({ login: 'patient' });
    const long = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length));
    const input = (over: object): object => ({
      practiceId: 'a1b2c3d4-0000-4000-8000-000000000000',
      firstName: 'A', lastName: 'B', email: 'a@example.test', mobile: '+12075550100', textConsent: true, ...over,
    }); // prettier-ignore
    const register =
      'mutation ($input: RegisterPatientInput!) { registerPatient(input: $input) { __typename } }';
    const texts = [
      { email: `${long('a', 300_000)}@` },
      { email: `${long('a.', 300_000)}@${long('a.', 300_000)}` },
      { mobile: `+${long('1', 600_000)}` },
      { mobile: long('+1 (', 600_000) },
      { firstName: long(' ', 900_000) },
      { timeZone: long('A/', 600_000) },
      { language: long('a-', 600_000) },
      { country: long('U', 600_000) },
    ];
    for (const over of texts) {
      const started = performance.now();
      const answer = await askGraph(gateway.url, register, { token, variables: { input: input(over) } });
      expect([Object.keys(over), answer.status]).toEqual([Object.keys(over), 200]);
      expect([Object.keys(over), codesOf(answer)]).toEqual([Object.keys(over), ['BAD_USER_INPUT']]);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
    const headers = [
      'x-timezone',
      'x-client-version',
      'x-client-name',
      'x-request-id',
      'traceparent',
      'x-forwarded-for',
      'accept',
    ];
    for (const name of headers) {
      const answer = await ask(gateway.url, {
        headers: { ...json, [name]: long('1,a-/ ', 12_000) },
        body: '{"query":"{ __typename }"}',
      });
      expect(answer.status).toBeLessThan(500);
    }
    await alive();
  });

  it('has hung up on all that dribble or say nothing before a minute is over', async () => {
    // One more letter now and then does not keep a place.
    for (const socket of others.slice(idle)) if (socket.writable) socket.write('x');
    const left = (): number => others.filter(({ closed }) => !closed).length;
    await eventually('they are hung up on', () => (left() === 0 ? true : undefined), {
      withinMs: 60_000,
    }).catch(() => undefined);
    expect(left()).toBe(0);
    await alive();
  });
});

function opened(port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      if (text !== '') socket.write(text);
      socket.resume();
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
