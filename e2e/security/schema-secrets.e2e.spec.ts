// Check 1: in production the schema, its inside and its tools are nobody's business.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, codesOf, type Answered } from '../support/raw-http.js';
import { LiveSocket } from '../support/live-socket.js';

/** What gives the inside away: a stack, a file, a package, a host, a table, a vendor's field. */
const inside =
  /\bat .+:\d+:\d+|\.(js|ts|mjs)\b|node_modules|stacktrace|127\.0\.0\.1|ECONN|\bselect \b|apollo server|fastify|"(ftv1|tracing|queryPlan|exception)"/i;

describe('a gateway in production', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway();
  });
  afterAll(() => gateway.stop());

  const discreet = (answer: Answered): void => {
    expect(answer.text).not.toMatch(inside);
    expect(answer.text).not.toMatch(/did you mean/i);
  };

  it.each([
    ['__schema', '{ __schema { types { name fields { name } } } }'],
    ['__type', '{ __type(name: "Patient") { name fields { name } } }'],
    ['__schema under an alias', '{ harmless: __schema { queryType { name } } }'],
    ['__type in a fragment', 'query { ...F } fragment F on Query { __type(name: "Patient") { name } }'],
    [
      '__schema that is skipped by a variable',
      'query ($no: Boolean = false) { __schema @include(if: $no) { queryType { name } } }',
    ],
  ])('does not show its schema by %s', async (_how, query) => {
    const answer = await askGraph(gateway.url, query);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    expect(answer.json?.data).toBeUndefined();
    discreet(answer);
  });

  it('does not show its schema over a socket, over server-sent events or by GET either', async () => {
    const query = '{ __schema { queryType { name } } }';
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.init();
    const answers = await socket.answerOf(query);
    expect(JSON.stringify(answers)).not.toContain('queryType":{');
    socket.close();
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const streamed = await ask(gateway.url, {
      path: '/graphql/stream',
      headers,
      body: JSON.stringify({ query }),
    });
    expect(streamed.text).not.toContain('"queryType":{');
    discreet(streamed);
    const got = await ask(gateway.url, {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(query)}`,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect([got.status, codesOf(got)]).toEqual([400, ['BAD_USER_INPUT']]);
  });

  it.each([
    ['a field', '{ appointmen(id: "x") { id } }'],
    ['a type', '{ appointment(id: "x") { ... on Appointmnt { id } } }'],
    ['an argument', '{ appointment(idd: "x") { id } }'],
    ['an argument of an enum', '{ appointments(statuses: [CONFIRMD]) { edges { node { id } } } }'],
    ['a type of a variable', 'query ($a: DateTim) { practices { edges { node { id } } } }'],
    ['a field of an input', 'mutation { holdSlot(input: { offe: "x" }) { __typename } }'],
    ['a directive', '{ paymentConfig @includ(if: true) { __typename } }'],
  ])('suggests no other name where %s is misspelt', async (_what, query) => {
    const answer = await askGraph(gateway.url, query);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    discreet(answer);
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.init();
    expect(JSON.stringify(await socket.answerOf(query))).not.toMatch(/did you mean/i);
    expect(
      JSON.stringify(await socket.answerOf('subscription { appointmentChange { reason } }')),
    ).not.toMatch(/did you mean/i);
    socket.close();
  });

  it('suggests no other name for a variable’s key', async () => {
    const answer = await askGraph(
      gateway.url,
      'mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { __typename } }',
      { variables: { input: { offr: 'x' } } },
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    discreet(answer);
  });

  it.each(['/', '/graphql', '/graphiql', '/playground', '/sandbox', '/altair', '/voyager', '/explorer'])(
    'has no page for people at %s',
    async (page) => {
      const answer = await ask(gateway.url, { method: 'GET', path: page, headers: { accept: 'text/html' } });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers['content-type']).not.toContain('text/html');
      discreet(answer);
    },
  );

  const probes: [string, Parameters<typeof ask>[1]][] = [
    ['no JSON', { headers: { 'content-type': 'application/json' }, body: '{"query": ' }],
    ['an empty body', { headers: { 'content-type': 'application/json' }, body: '' }],
    ['null', { headers: { 'content-type': 'application/json' }, body: 'null' }],
    ['a query that is a number', { headers: { 'content-type': 'application/json' }, body: '{"query": 1}' }],
    ['variables that are text', { headers: { 'content-type': 'application/json' }, body: '{"query": "{ __typename }", "variables": "x"}' }],
    ['a prototype', { headers: { 'content-type': 'application/json' }, body: '{"query": "{ __typename }", "__proto__": {"x": 1}}' }],
    ['an unknown path', { method: 'GET', path: '/../../etc/passwd' }],
    ['a path that cannot be decoded', { method: 'GET', path: '/%zz' }],
    ['an unknown method', { method: 'PROPFIND' }],
    ['a document that is cut off', { headers: { 'content-type': 'application/json' }, body: '{"query": "{ practices { "}' }],
    ['an id that is none', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ practice(id: "\'; select 1 --") { id } }' }) }],
    ['a cursor that is none', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ practices(after: "AAAA") { edges { cursor } } }' }) }],
    ['an unknown encoding', { headers: { 'content-type': 'application/json', 'content-encoding': 'br' }, body: 'x' }],
    ['an unknown character set', { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{"query":"{ __typename }"}' }],
    ['a time zone that is none', { headers: { 'content-type': 'application/json', 'x-timezone': '../../etc' }, body: '{"query":"{ __typename }"}' }],
    ['a trace in the request', { headers: { 'content-type': 'application/json', 'apollo-federation-include-trace': 'ftv1', 'apollo-query-plan-experimental': '1', 'apollo-tracing': '1' }, body: '{"query":"{ practices { edges { cursor } } }"}' }],
  ]; // prettier-ignore
  it.each(probes)('tells nothing of its inside when it is sent %s', async (_what, probe) => {
    const answer = await ask(gateway.url, probe);
    expect(answer.status).toBeLessThan(500);
    discreet(answer);
    expect(answer.json).toBeDefined();
    expect(answer.json).not.toHaveProperty('extensions');
    if (answer.status >= 400) expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });

  it('answers a fault of its own with a request id and nothing else', async () => {
    const faulty = await startProductionGateway({ BOOKING_URL: 'http://127.0.0.1:9' });
    try {
      const answer = await askGraph(faulty.url, '{ myPatients { id } }');
      discreet(answer);
      expect(codesOf(answer)).toHaveLength(1);
      expect(Object.keys(answer.json?.errors?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'requestId']);
    } finally {
      await faulty.stop();
    }
  });

  it('knows the checks of the schema that the development gateway would show', () => {
    // The probes above would prove nothing on a graph without these names.
    const graph = readFileSync(
      path.resolve(import.meta.dirname, '../../apps/gateway/supergraph.graphql'),
      'utf8',
    );
    for (const name of ['appointment(id: ID!)', 'input HoldSlotInput', 'type Patient'])
      expect(graph).toContain(name);
  });
});
