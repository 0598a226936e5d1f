// What Federation 2 says of keys, ownership and visibility, each over a small graph of its own.
import { composedGraph, supergraphOf } from '../testing/composed-graph.js';
import { silentLog } from '../testing/silent-log.js';
import { Graph } from './graph.js';

describe('keys', () => {
  it('are nested objects, several fields, or several alternatives, each subgraph by its own', async () => {
    const graph = await composedGraph({
      people: {
        sdl: `
          type Query { seats: [Seat!]! }
          type Seat @key(fields: "row number") @key(fields: "code") @key(fields: "hall { id }") {
            row: String! number: Int! code: String! hall: Hall!
          }
          type Hall @shareable { id: ID! }`,
        resolvers: {
          Query: {
            seats: () =>
              [1, 2].map((number) => ({ row: 'A', number, code: `A${number}`, hall: { id: `h${number}` } })),
          },
        },
      },
      compound: {
        sdl: 'type Seat @key(fields: "row number") { row: String! number: Int! price: Int }',
        resolvers: { Seat: { price: ({ row, number }) => (row === 'A' ? number * 10 : null) } },
      },
      coded: {
        sdl: 'type Seat @key(fields: "code") { code: String! colour: String }',
        resolvers: { Seat: { colour: ({ code }) => `red ${code}` } },
      },
      nested: {
        sdl: `type Seat @key(fields: "hall { id }") { hall: Hall! view: String } type Hall @shareable { id: ID! }`,
        resolvers: { Seat: { view: ({ hall }: { hall: { id: string } }) => `from ${hall.id}` } },
      },
    });
    expect(await graph.ask('{ seats { price colour view } }')).toEqual({
      data: {
        seats: [
          { price: 10, colour: 'red A1', view: 'from h1' },
          { price: 20, colour: 'red A2', view: 'from h2' },
        ],
      },
    });
    expect(graph.calls.map(({ subgraph }) => subgraph).toSorted()).toEqual([
      'coded',
      'compound',
      'nested',
      'people',
    ]);
  });
});

describe('ownership', () => {
  const owner = {
    sdl: `
      type Query { reviews: [Review!]! }
      type Review @key(fields: "id") { id: ID! author: User @provides(fields: "name") other: User }
      type User @key(fields: "id") { id: ID! name: String @external }`,
    resolvers: {
      Query: { reviews: () => [{ id: '1', author: { id: 'u1', name: 'provided' }, other: { id: 'u1' } }] },
    },
  };
  const users = {
    sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable }',
    resolvers: { User: { name: ({ id }: { id: string }) => `own ${id}` } },
  };

  it('@provides saves the way to the owner where it stands, and nowhere else', async () => {
    const graph = await composedGraph({ owner, users });
    expect(await graph.ask('{ reviews { author { name } } }')).toEqual({
      data: { reviews: [{ author: { name: 'provided' } }] },
    });
    expect(graph.calls).toHaveLength(1);
    expect(await graph.ask('{ reviews { other { name } } }')).toEqual({
      data: { reviews: [{ other: { name: 'own u1' } }] },
    });
  });

  it('a @shareable field comes from the subgraph that is asked anyway', async () => {
    const money = 'type Money @shareable { amount: Int! currency: String! }';
    const graph = await composedGraph({
      one: {
        sdl: `type Query { one: Money } ${money}`,
        resolvers: { Query: { one: () => ({ amount: 1, currency: 'EUR' }) } },
      },
      two: {
        sdl: `type Query { two: Money } ${money}`,
        resolvers: { Query: { two: () => ({ amount: 2, currency: 'USD' }) } },
      },
    });
    expect(await graph.ask('{ one { amount currency } two { amount currency } }')).toEqual({
      data: { one: { amount: 1, currency: 'EUR' }, two: { amount: 2, currency: 'USD' } },
    });
    expect(graph.calls).toHaveLength(2);
  });
});

describe('@inaccessible', () => {
  const subgraphs = {
    one: {
      sdl: `type Query { thing: Thing } type Thing @key(fields: "secret") { secret: ID! @inaccessible name: String }
        type Hidden @inaccessible { id: ID } `,
      resolvers: { Query: { thing: () => ({ secret: 's', name: 'n' }) } },
    },
    two: {
      sdl: 'type Thing @key(fields: "secret") { secret: ID! more: String }',
      resolvers: { Thing: { more: ({ secret }: { secret: string }) => `of ${secret}` } },
    },
  };

  it('is not in what clients see, and serves as key inside', async () => {
    const graph = await composedGraph(subgraphs);
    expect(await graph.ask('{ thing { name more } }')).toEqual({
      data: { thing: { name: 'n', more: 'of s' } },
    });
    const { data } = await graph.ask(
      '{ __type(name: "Thing") { fields { name } } hidden: __type(name: "Hidden") { name } }',
    );
    expect(data).toEqual({ __type: { fields: [{ name: 'name' }, { name: 'more' }] }, hidden: null });
  });
});

describe('@override', () => {
  const from = (label: string) => ({
    old: {
      sdl: 'type Query { a: A } type A @key(fields: "id") { id: ID! moved: String }',
      resolvers: {
        Query: { a: () => ({ id: '1', moved: 'old' }) },
        A: { __resolveReference: () => ({ id: '1', moved: 'old' }) },
      },
    },
    young: {
      sdl: `type A @key(fields: "id") { id: ID! moved: String @override(from: "old"${label}) }`,
      resolvers: { A: { moved: () => 'new' } },
    },
  });
  const query = '{ a { moved } }';
  const old = { data: { a: { moved: 'old' } } };
  const moved = { data: { a: { moved: 'new' } } };

  it('moves a field to its new subgraph', async () => {
    expect(await (await composedGraph(from(''))).ask(query)).toEqual(moved);
  });

  it('by percent moves it for that share of callers, for each caller always alike', async () => {
    const graph = await composedGraph(from(', label: "percent(30)"'));
    const callers = Array.from({ length: 200 }, (_, index) => `account-${index}`);
    const run = (): Promise<unknown[]> => Promise.all(callers.map((caller) => graph.ask(query, {}, caller)));
    const answers = (await run()).map((answer) => JSON.stringify(answer));
    expect((await run()).map((answer) => JSON.stringify(answer))).toEqual(answers);
    const share = answers.filter((answer) => answer === JSON.stringify(moved)).length / callers.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.42);
    expect(new Set(answers)).toEqual(new Set([JSON.stringify(moved), JSON.stringify(old)]));
  });

  it.each([
    ['percent(0)', old],
    ['percent(100)', moved],
  ])('by %s moves it for nobody or everybody', async (label, expected) => {
    const graph = await composedGraph(from(`, label: "${label}"`));
    for (const caller of ['a', 'b', 'c', 'd', 'e'])
      expect(await graph.ask(query, {}, caller)).toEqual(expected);
  });

  it('by a named label moves it while the label is on', async () => {
    let on = false;
    const graph = await composedGraph(from(', label: "move-it"'), {
      decideLabel: (label) => label === 'move-it' && on,
    });
    expect(await graph.ask(query)).toEqual(old);
    on = true;
    expect(await graph.ask(query)).toEqual(moved);
    on = false;
    expect(await graph.ask(query)).toEqual(old);
  });
});

describe('@context', () => {
  it('is refused when the graph is loaded', async () => {
    const sdl = supergraphOf({
      one: {
        sdl: `type Query { a: A } type A @key(fields: "id") @context(name: "ctx") { id: ID! prop: String! b: B! }
          type B @key(fields: "id") { id: ID! field(given: String @fromContext(field: "$ctx { prop }")): Int! }`,
      },
      two: { sdl: 'type Query { other: Int }' },
    });
    await expect(Graph.load(sdl, silentLog)).rejects.toThrow(
      '@context and @fromContext, which are not supported',
    );
  });
});
