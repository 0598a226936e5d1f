// The same request twice: Apollo Server answers the first, since it has not seen the document; the second goes the
// short way, and must be answered alike to the byte.
import { jest } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

interface Sent {
  readonly body: Readonly<Record<string, unknown>> & { readonly query?: string };
  readonly headers?: Readonly<Record<string, string>>;
}

const ask = 'query Ask($id: ID!) { appointment(id: $id) { id status payment { status } } }';
const a1 = { id: 'a1' };
const two = 'query A { appointment(id: "a1") { id } } query B { appointment(id: "b1") { id } }';
const change = 'mutation Change($id: ID!) { cancelAppointment(id: $id) { id status } }';

/** The document is another one for each case, and so seen by nobody before. */
let nth = 0;
const unseen = ({ body, headers }: Sent): Sent => ({
  body: { ...body, ...(body.query === undefined ? {} : { query: `${body.query} # ${(nth += 1)}` }) },
  ...(headers ? { headers } : {}),
});

describe('the short way', () => {
  let gateway: RunningGateway;
  const throughApollo = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
  beforeAll(async () => {
    gateway = await runGateway({ NODE_ENV: 'production', OPERATION_COST_LIMIT_ANONYMOUS: '20' });
  });
  afterAll(async () => {
    throughApollo.mockRestore();
    await gateway.close();
  });

  const send = async ({ body, headers = {} }: Sent, url = gateway.url): Promise<unknown> => {
    const before = throughApollo.mock.calls.length;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'same', ...headers },
      body: JSON.stringify(body),
    });
    const { status } = response;
    const said = Object.fromEntries(
      [...response.headers].filter(([name]) => !['date', 'x-caregraph-session'].includes(name)),
    );
    const apollo = throughApollo.mock.calls.length > before;
    return { apollo, status, headers: said, text: await response.text() };
  };

  const cases: readonly (readonly [string, number, Sent])[] = [
    ['a query', 200, { body: { query: ask, variables: a1 } }],
    ['a mutation', 200, { body: { query: change, variables: a1 } }],
    ['one of two operations', 200, { body: { query: two, operationName: 'B' } }],
    [
      'nulls for what is left out',
      200,
      { body: { query: '{ whoAmI: __typename }', variables: null, extensions: null } },
    ],
    ['an error beside data', 200, { body: { query: '{ fails appointment(id: "a1") { id } }' } }],
    ['a refusal of a subgraph', 200, { body: { query: '{ refuses }' } }],
    ['a variable that is missing', 400, { body: { query: ask, variables: {} } }],
    ['a variable that does not fit', 400, { body: { query: ask, variables: { id: { no: 'id' } } } }],
    [
      'a condition that is null',
      400,
      {
        body: {
          query:
            'query ($c: Boolean = false) { appointment(id: "a1") { id payment @skip(if: $c) { status } } }',
          variables: { c: null },
        },
      },
    ],
    ['text that cannot be stored', 400, { body: { query: ask, variables: { id: 'a\u0000' } } }],
    [
      'several mutations under one key',
      400,
      {
        body: {
          query: 'mutation { a: cancelAppointment(id: "1") { id } b: cancelAppointment(id: "2") { id } }',
        },
        headers: { 'idempotency-key': 'k' },
      },
    ],
    [
      'what costs too much',
      400,
      {
        body: {
          query: `{ ${Array.from({ length: 14 }, (_, i) => `a${i}: appointment(id: "a") { payment { status } }`).join(' ')} }`,
        },
      },
    ],
    ['no such thing', 200, { body: { query: ask, variables: { id: 'nothing' } } }],
  ];
  const accepts: readonly Readonly<Record<string, string>>[] = [
    {},
    { accept: 'application/json' },
    { accept: 'application/graphql-response+json' },
    { accept: 'application/graphql-response+json, application/json;q=0.9' },
    { accept: 'application/json, text/plain, */*' },
  ];

  it.each(cases)('answers %s as Apollo Server does', async (_what, status, sent) => {
    for (const accept of accepts) {
      const request = unseen({ body: sent.body, headers: { ...accept, ...sent.headers } });
      const first = await send(request);
      const legacy = accept.accept?.startsWith('application/json') === true && status === 400;
      expect(first).toMatchObject({ apollo: true, status: legacy ? 200 : status });
      expect(await send(request)).toEqual({ ...(first as object), apollo: false });
    }
  });

  it.each<[string, Sent]>([
    ['one of several operations that is not named', { body: { query: two } }],
    ['an operation that is not there', { body: { query: two, operationName: 'C' } }],
    ['an operation without a name under an empty one', { body: { query: '{ whoAmI }', operationName: '' } }],
    ['a document that is not valid', { body: { query: '{ whoAmI { id } }' } }],
    ['a subscription', { body: { query: 'subscription { appointmentChanged { id } }' } }],
    ['variables as text', { body: { query: ask, variables: '{"id":"a1"}' } }],
    ['extensions as a list', { body: { query: ask, variables: a1, extensions: [] } }],
    ['an operation’s name as a number', { body: { query: ask, variables: a1, operationName: 1 } }],
    ['another media type', { body: { query: ask, variables: a1 }, headers: { accept: 'text/html' } }],
    ['a request without a document', { body: {} }],
  ])('leaves %s to Apollo Server each time', async (_what, sent) => {
    const request = unseen(sent);
    await send(unseen({ body: { query: ask, variables: a1 } }));
    expect(await send(request)).toMatchObject({ apollo: true });
    expect(await send(request)).toMatchObject({ apollo: true });
  });

  it('carries out no mutation whose condition is null', async () => {
    const query =
      'mutation ($c: Boolean = false) { cancelAppointment(id: "a1") { id payment @skip(if: $c) { status } } }';
    gateway.booking.calls.length = 0;
    for (const apollo of [true, false])
      expect(await send({ body: { query, variables: { c: null } } })).toMatchObject({ apollo, status: 400 });
    expect(gateway.booking.calls).toEqual([]);
  });

  it('is not open to what a page elsewhere may send unasked', async () => {
    const body = JSON.stringify({ query: '{ whoAmI }' });
    await gateway.query('{ whoAmI }');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const { status } = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    const query = new URLSearchParams({ query: '{ whoAmI }' });
    expect((await fetch(`${gateway.url}?${query.toString()}`)).status).toBe(400);
  });

  it('refuses one operation too many as Apollo Server does, and counts each once', async () => {
    const limited = await runGateway({ NODE_ENV: 'production', RATE_LIMIT_ADDRESS: '3' });
    try {
      const request = { body: { query: '{ appointment(id: "a1") { id } }' } };
      const answers = [];
      for (let count = 0; count < 4; count += 1) answers.push(await send(request, limited.url));
      expect(answers).toMatchObject([
        { apollo: true, status: 200 },
        { apollo: false, status: 200 },
        { apollo: false, status: 200 },
        { apollo: false, status: 429 },
      ]);
      const last = await send(unseen(request), limited.url);
      expect(last).toMatchObject({ apollo: true, status: 429 });
      const untimed = (answer: unknown): string =>
        JSON.stringify(answer).replaceAll(/\d+ s\.|"retry-after":"\d+"|"(retryAfterSeconds)\\":\d+/g, '$1');
      expect(untimed({ ...(answers[3] as object), apollo: true })).toBe(untimed(last));
      expect(answers[3]).toMatchObject({
        headers: { 'retry-after': expect.stringMatching(/^\d+$/) as string },
      });
    } finally {
      await limited.close();
    }
  });
});
