import { createClient, type Client, type SubscribePayload } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { FormattedExecutionResult } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { eventually } from '@caregraph/testing';
import { subscriptionBody } from './index.js';
import { ended, runningSubgraph, seen, sign, type RunningSubgraph } from './spec-subgraph.js';

let app: RunningSubgraph;
const clients: Client[] = [];
beforeAll(async () => {
  app = await runningSubgraph();
});
afterAll(() => app.close());
beforeEach(() => {
  app.lines.splice(0);
  ended.splice(0);
  seen.splice(0);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** A socket as the gateway opens it; `closed` has the codes with which it was closed. */
function socket(
  connectionParams: () => Promise<Record<string, unknown>>,
  to = app,
): { client: Client; closed: number[] } {
  const closed: number[] = [];
  const client = createClient({
    url: `${to.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
    on: { closed: (event) => closed.push((event as { code: number }).code) },
  });
  clients.push(client);
  return { client, closed };
}
const gateway = (to = app): ReturnType<typeof socket> => socket(async () => ({ viewer: await sign('') }), to);

interface Watching {
  readonly results: FormattedExecutionResult[];
  readonly errors: unknown[];
  readonly over: () => boolean;
  readonly leave: () => void;
}

const ticked = 'subscription ($id: ID!) { ticked(id: $id) { id } }';

async function watch(
  client: Client,
  id: string,
  over: Partial<SubscribePayload> = {},
  viewer: Partial<Viewer> = {},
): Promise<Watching> {
  const payload = { query: ticked, variables: { id }, ...over };
  const signed = {
    ...payload,
    extensions: { viewer: await sign(subscriptionBody(payload), viewer) },
    ...over,
  };
  const results: FormattedExecutionResult[] = [];
  const errors: unknown[] = [];
  let completed = false;
  const leave = client.subscribe(signed, {
    next: (result) => results.push(result as FormattedExecutionResult),
    error: (error) => errors.push(error),
    complete: () => (completed = true),
  });
  return { results, errors, over: () => completed, leave };
}

const ids = ({ results }: Watching): unknown[] =>
  results.map(({ data }) => (data?.ticked as { id: string } | null)?.id);
const twoTicks = (watching: Watching): Promise<true> =>
  eventually('two ticks', () => (watching.results.length === 2 ? true : undefined));
const refusal = (watching: Watching): Promise<unknown> => eventually('the refusal', () => watching.errors[0]);

describe('a socket', () => {
  it.each([
    ['with nothing', () => Promise.resolve({})],
    ['with nonsense', () => Promise.resolve({ viewer: 'nonsense' })],
    ['with no text', () => Promise.resolve({ viewer: { a: 1 } })],
    ['with what was signed for a body', async () => ({ viewer: await sign('{}') })],
  ])('that is opened %s is closed', async (_how, params) => {
    const { client, closed } = socket(params);
    await watch(client, 'a');
    expect(await eventually('the end', () => closed[0])).toBe(4403);
    expect(seen).toEqual([]);
  });

  it('that is opened by a recorded message is closed', async () => {
    const viewer = await sign('');
    await twoTicks(await watch(socket(() => Promise.resolve({ viewer })).client, 'a'));
    const { client, closed } = socket(() => Promise.resolve({ viewer }));
    await watch(client, 'a');
    expect(await eventually('the end', () => closed[0])).toBe(4403);
  });
});

describe('a subscription', () => {
  it('gets its events as its own viewer, many over one socket', async () => {
    const { client } = gateway();
    const one = await watch(client, 'a', {}, { account: 'pat' });
    const other = await watch(client, 'b', {}, { account: 'sam' });
    await Promise.all([twoTicks(one), twoTicks(other)]);
    expect([ids(one), ids(other)]).toEqual([
      ['a-1', 'a-2'],
      ['b-1', 'b-2'],
    ]);
    expect(seen.map((deps) => deps.viewer.account).sort()).toEqual(['pat', 'sam']);
    expect(seen[0]?.em).not.toBe(seen[1]?.em);
  });

  it.each([
    ['without a viewer', () => Promise.resolve({})],
    [
      'with a viewer signed for other variables',
      async () => ({
        viewer: await sign(subscriptionBody({ query: ticked, variables: { id: 'mine' } })),
      }),
    ],
    [
      'with a viewer signed for another operation',
      async () => ({
        viewer: await sign(subscriptionBody({ query: '{ who }', variables: { id: 'b' } })),
      }),
    ],
  ])('%s is refused, and the others on its socket go on', async (_how, extensions) => {
    const { client, closed } = gateway();
    const good = await watch(client, 'a');
    const bad = await watch(client, 'b', { extensions: await extensions() });
    expect(await refusal(bad)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await twoTicks(good);
    await twoTicks(await watch(client, 'c'));
    expect(closed).toEqual([]);
    expect(good.errors).toEqual([]);
  });

  it('that comes a second time with the same viewer is refused', async () => {
    const { client } = gateway();
    const payload = { query: ticked, variables: { id: 'a' } };
    const extensions = { viewer: await sign(subscriptionBody(payload)) };
    await twoTicks(await watch(client, 'a', { extensions }));
    expect(await refusal(await watch(client, 'a', { extensions }))).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it.each([
    ['cannot be parsed', 'subscription {', 'Syntax Error'],
    ['names no field of ours', 'subscription { tocked { id } }', 'tocked'],
    ['has no operation', 'fragment F on Tick { id }', ''],
  ])('whose document %s is refused as BAD_USER_INPUT with the request’s id', async (_what, query, named) => {
    const { client } = gateway();
    const errors = (await refusal(await watch(client, 'a', { query }))) as {
      message: string;
      extensions: object;
    }[];
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r1' });
    expect(errors[0]?.message).toContain(named);
  });

  it('that the app refuses is told why', async () => {
    const { client } = gateway();
    expect(await refusal(await watch(client, 'refused'))).toMatchObject([
      {
        message: 'id: may not tick',
        extensions: { code: 'BAD_USER_INPUT', requestId: 'r1', fields: [{ field: 'id' }] },
      },
    ]);
    expect(app.lines).toEqual([]);
  });

  it('has the errors of each event masked, and logged', async () => {
    const { client } = gateway();
    const watching = await watch(client, 'a', {
      query: 'subscription ($id: ID!) { ticked(id: $id) { id broken } }',
    });
    await twoTicks(watching);
    expect(watching.results[0]).toEqual({
      data: { ticked: { id: 'a-1', broken: null } },
      errors: [
        {
          message: 'Something went wrong on our side.',
          path: ['ticked', 'broken'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
        },
      ],
    });
    expect(app.lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', requestId: 'r1' },
      { level: 'error', requestId: 'r1' },
    ]);
  });

  it('that breaks ends alone, masked and logged', async () => {
    const { client, closed } = gateway();
    const good = await watch(client, 'a');
    const broken = await watch(client, 'breaks');
    expect(await refusal(broken)).toEqual([
      {
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
      },
    ]);
    await twoTicks(good);
    expect(closed).toEqual([]);
    expect(app.lines).toHaveLength(1);
  });
});

describe('a generator that waits for its next event', () => {
  it('ends when its subscriber leaves, and the others stay', async () => {
    const { client } = gateway();
    const [one, other] = [await watch(client, 'a'), await watch(client, 'b')];
    await Promise.all([twoTicks(one), twoTicks(other)]);
    one.leave();
    await eventually('the end of its generator', () => ended[0]);
    expect(ended).toEqual(['a']);
    expect(other.over()).toBe(false);
  });

  it('ends when its socket is lost', async () => {
    const { client } = gateway();
    const watching = await watch(client, 'a');
    await twoTicks(watching);
    client.terminate();
    expect(await eventually('the end of its generator', () => ended[0])).toBe('a');
  });

  it('ends when the server closes, which tells clients to come back elsewhere', async () => {
    const other = await runningSubgraph();
    const { client, closed } = gateway(other);
    await twoTicks(await watch(client, 'a'));
    await other.close();
    expect(await eventually('the end of its generator', () => ended[0])).toBe('a');
    expect(await eventually('the goodbye', () => closed[0])).toBe(1001);
  });
});
