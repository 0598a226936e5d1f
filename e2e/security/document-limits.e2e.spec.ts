// Checks 2 and 3: what costs too much is refused before anything is asked of a subgraph, and batches are refused.
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, codesOf, type Answered } from '../support/raw-http.js';
import { growthPerRound } from '../support/resident.js';
import { LiveSocket } from '../support/live-socket.js';
import { subgraphCalls } from '../support/gateway-metrics.js';

const json = { 'content-type': 'application/json' };
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Valid to any depth. */
const nested = (levels: number): string =>
  `{ practices(first: 1) { edges { node { ${'locations { practice { '.repeat(levels)} id ${'} }'.repeat(levels)} } } } }`;
const broad = (fields: number): string => `{ paymentConfig { ${'publishableKey '.repeat(fields)} } }`;
const aliased = (count: number): string =>
  `{ ${times(count, (index) => `a${index}: paymentConfig { publishableKey }`).join(' ')} }`;
const typenames = (count: number): string =>
  `{ ${times(count, (index) => `a${index}: __typename`).join(' ')} }`;
const directives = (count: number): string =>
  `{ paymentConfig ${'@include(if: true) '.repeat(count)} { publishableKey } }`;
const cycle =
  'query { ...A } fragment A on Query { ...B } fragment B on Query { paymentConfig { publishableKey } ...A }';
/** 2^n fields by n fragments. */
const doubling = (steps: number): string =>
  `query { ...F0 } ${times(steps, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ')} fragment F${steps} on Query { paymentConfig { publishableKey } }`;
const pages = (first: number): string => `{ appointments(first: ${first}) { edges { node { id } } } }`;
const pagesWithin = (first: number): string =>
  `query ($first: Int!) { appointments(first: ${first}) { edges { node { notifications { id } history { id } provider { practice { id } } patient { id } } } } more: appointments(first: $first) { edges { node { notifications { id } } } } }`;

const written: [what: string, query: string, variables?: object][] = [
  ...[6, 20, 50, 600].map((levels): [string, string] => [`nests ${levels * 2 + 4} fields`, nested(levels)]),
  ...[2_001, 4_000].map((fields): [string, string] => [`asks for ${fields} fields`, broad(fields)]),
  ...[31, 100, 500, 1_000].map((count): [string, string] => [`has ${count} aliases`, aliased(count)]),
  ...[31, 500, 1_600].map((count): [string, string] => [
    `has ${count} aliases of __typename`,
    typenames(count),
  ]),
  ...[6, 50, 500].map((count): [string, string] => [`has ${count} directives on a field`, directives(count)]),
  ['has fragments that go round in a circle', cycle],
  ['doubles its fields at each of 30 fragments', doubling(30)],
  ['asks for a page of 100,000', pages(100_000)],
  ['asks for a page of 2,147,483,647', pages(2_147_483_647)],
  ['asks for lists in lists', pagesWithin(100), { first: 100_000 }],
  ['has 6,000 tokens', `{ ${'a '.repeat(6_000)} }`],
  ['nests lists that multiply', nested(5)],
  ['nests 2,000 fragments', `{ ${'... { '.repeat(2_000)} __typename ${'}'.repeat(2_000)} }`],
  ['opens 20,000 brackets', `{ practice(id: ${'['.repeat(20_000)}`],
  ['opens 50,000 braces', '{a'.repeat(50_000)],
  ['is a comment of 900 kB and a mistake', `#${'x'.repeat(900_000)}\n{ nothing }`],
];
/** A row that is shorter than the test's arguments would get a callback in the place of the last. */
const tooMuch = written.map(([what, query, variables = {}]) => [what, query, variables] as const);

describe('a document that asks for too much', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway();
  });
  afterAll(() => gateway.stop());

  const refused = (answer: Answered): void => {
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    expect(answer.json?.data).toBeUndefined();
  };

  it.each(tooMuch)('is refused before anything is executed when it %s', async (_what, query, variables) => {
    const before = await subgraphCalls(gateway);
    refused(await askGraph(gateway.url, query, { variables }));
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.init();
    const said = await socket.answerOf(query, variables);
    expect(JSON.stringify(said)).toContain('"code":"BAD_USER_INPUT"');
    expect(JSON.stringify(said)).not.toContain('"data":{');
    socket.close();
    expect(await subgraphCalls(gateway)).toBe(before);
  });

  it('is refused as a subscription all the same', async () => {
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.init();
    const watch = (rest: string): string =>
      `subscription { appointmentChanged(practiceId: "x") { ${rest} } }`;
    const documents = [
      'subscription { ...A } fragment A on Subscription { ...A }',
      'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ...A appointmentChanged { reason } }',
      watch(times(31, (index) => `a${index}: reason`).join(' ')),
      watch('reason '.repeat(2_100)),
      watch(`reason ${'@include(if: true) '.repeat(6)}`),
      watch(`appointment { location { ${'practice { locations { '.repeat(8)} id ${'} }'.repeat(8)} } }`),
      watch('x '.repeat(6_000)),
    ];
    for (const document of documents) {
      const said = await socket.answerOf(document);
      expect([document.slice(0, 60), said.map(({ type }) => type)]).toEqual([
        document.slice(0, 60),
        ['error'],
      ]);
      expect(JSON.stringify(said)).toContain('"code":"BAD_USER_INPUT"');
    }
    socket.close();
  });

  it('is refused unread when its body is larger than a mebibyte', async () => {
    const body = JSON.stringify({ query: `#${'x'.repeat(1_100_000)}\n{ __typename }` });
    const answer = await ask(gateway.url, { headers: json, body });
    expect([answer.status, codesOf(answer)]).toEqual([413, ['BAD_USER_INPUT']]);
  });

  it('is answered where it stays within the limits: they do not refuse everything', async () => {
    const two = '{ paymentConfig @include(if: true) @skip(if: false) { publishableKey } }';
    for (const query of [nested(3), aliased(30), two, doubling(8)]) {
      const answer = await askGraph(gateway.url, query);
      expect([query.slice(0, 40), answer.status]).toEqual([query.slice(0, 40), 200]);
    }
  });

  it('leaves no memory behind: 1,000 different ones, after as many, grow the process by less than 20 MiB', async () => {
    let different = 0;
    const growth = await growthPerRound(gateway.pid, async () => {
      for (let count = 0; count < 500; count += 20) {
        await Promise.all(
          times(20, () => {
            different += 1;
            // Each a text of its own, so that none is remembered from before.
            const query = [aliased(200), nested(20), typenames(400), broad(1_500 + (different % 7))][
              different % 4
            ];
            return askGraph(gateway.url, `#${different}\n${query ?? ''}`);
          }),
        );
      }
    });
    // Of 500 each.
    expect(growth).toBeLessThan(10);
  });

  it.each([0, 1, 2, 100])('is refused as a batch of %d', async (count) => {
    const before = await subgraphCalls(gateway);
    const body = JSON.stringify(times(count, () => ({ query: '{ paymentConfig { publishableKey } }' })));
    for (const path of ['/graphql', '/graphql/stream']) {
      const answer = await ask(gateway.url, { path, headers: json, body });
      expect([path, answer.status, codesOf(answer)]).toEqual([path, 400, ['BAD_USER_INPUT']]);
    }
    expect(await subgraphCalls(gateway)).toBe(before);
  });

  it('is refused as a batch over a socket, which is closed for it', async () => {
    const socket = await LiveSocket.open(gateway.subscriptions);
    await socket.init();
    socket.say(JSON.stringify([{ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }]));
    expect((await socket.untilClosed()).code).toBe(4400);
  });
});
