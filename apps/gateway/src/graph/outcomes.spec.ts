// What becomes of nulls, errors and subgraphs that are down, of conditions and of mutations, across subgraphs.
import { composedGraph, type ComposedGraph, type SpecSubgraph } from '../testing/composed-graph.js';

interface Person {
  readonly id: string;
}

const done: string[] = [];
const verb = (name: string) => () => {
  done.push(name);
  return { id: name };
};
const fail = (message: string): never => {
  throw new Error(message);
};

const people: SpecSubgraph = {
  sdl: `
    type Query { people: [Person!]! maybe: [Person] one: Person broken: Person must: Person! }
    type Mutation { first: Person third: Person }
    type Person @key(fields: "id") { id: ID! name: String! nick: String }`,
  resolvers: {
    Query: {
      people: () => [{ id: '1' }, { id: '2' }, { id: '3' }],
      maybe: () => [{ id: '1' }, null, { id: '2' }],
      one: () => ({ id: '1' }),
      broken: () => ({ id: 'x' }),
      must: () => ({ id: 'x' }),
    },
    Mutation: { first: verb('first'), third: verb('third') },
    Person: { name: ({ id }: Person) => (id === 'x' ? fail('no name') : `p${id}`), nick: () => null },
  },
};
const orders: SpecSubgraph = {
  sdl: `
    type Query { shops: [Shop!]! }
    type Mutation { second: Person }
    type Shop { name: String! best: Person }
    type Person @key(fields: "id") { id: ID! total: Int needed: Int! orders: [Order!] }
    type Order { number: Int! note: String! }`,
  resolvers: {
    Query: { shops: () => [{ name: 's', best: { id: '2' } }] },
    Mutation: { second: verb('second') },
    Person: {
      __resolveReference: ({ id }: Person) => (id === 'gone' ? null : { id }),
      total: ({ id }: Person) => (id === '2' ? fail('no total') : Number(id) * 10),
      needed: ({ id }: Person) => (id === '2' ? null : 1),
      orders: ({ id }: Person) => [{ number: 1, note: id === '2' ? null : 'n' }],
    },
  },
};

describe('a null and an error', () => {
  let graph: ComposedGraph;
  beforeAll(async () => {
    graph = await composedGraph({ people, orders });
  });
  beforeEach(() => {
    graph.down.clear();
  });

  it('of one entity among several has the path that the client knows, and spares the others', async () => {
    const { data, errors } = await graph.ask('{ folk: people { id sum: total } }');
    expect(data).toEqual({
      folk: [
        { id: '1', sum: 10 },
        { id: '2', sum: null },
        { id: '3', sum: 30 },
      ],
    });
    expect(errors).toEqual([expect.objectContaining({ message: 'no total', path: ['folk', 1, 'sum'] })]);
  });

  it('in a list with holes has the index of the list, not of what was asked for', async () => {
    const { data, errors } = await graph.ask('{ maybe { total } }');
    expect(data).toEqual({ maybe: [{ total: 10 }, null, { total: null }] });
    expect(errors?.map(({ path }) => path)).toEqual([['maybe', 2, 'total']]);
  });

  it('where none may be goes up to the next place that may be null, with one error that says where', async () => {
    const nullable = await graph.ask('{ maybe { id needed } one { id } }');
    expect(nullable.data).toEqual({ maybe: [{ id: '1', needed: 1 }, null, null], one: { id: '1' } });
    expect(nullable.errors?.map(({ path }) => path)).toEqual([['maybe', 2, 'needed']]);
    const all = await graph.ask('{ people { id needed } one { id } }');
    expect(all.data).toBeNull();
    expect(all.errors?.map(({ path }) => path)).toEqual([['people', 1, 'needed']]);
  });

  it('within a list of an entity takes the list with it, and no more', async () => {
    const { data, errors } = await graph.ask('{ people { id orders { number note } } }');
    expect(data).toEqual({
      people: [
        { id: '1', orders: [{ number: 1, note: 'n' }] },
        { id: '2', orders: null },
        { id: '3', orders: [{ number: 1, note: 'n' }] },
      ],
    });
    expect(errors?.map(({ path }) => path)).toEqual([['people', 1, 'orders', 0, 'note']]);
  });

  it('of the first subgraph is not asked of the second', async () => {
    graph.calls.length = 0;
    const { data, errors } = await graph.ask('{ broken { name total } }');
    expect(data).toEqual({ broken: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ message: 'no name', path: ['broken', 'name'] });
    expect(graph.calls).toHaveLength(1);
    const must = await graph.ask('{ must { name } }');
    expect([must.data, must.errors?.length]).toEqual([null, 1]);
  });

  it('of a subgraph that is down is UNAVAILABLE for its own fields only', async () => {
    graph.down.add('orders');
    const { data, errors } = await graph.ask('{ people { id name total } shops { name } }');
    // Shops may not be null, so their failure reaches the root.
    expect(data).toBeNull();
    expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['UNAVAILABLE']));
    const partial = await graph.ask('{ people { id name total } }');
    expect(partial.data).toEqual({
      people: ['1', '2', '3'].map((id) => ({ id, name: `p${id}`, total: null })),
    });
    expect(partial.errors).toHaveLength(1);
  });

  it('in one entity of a union of places leaves an entity that is found elsewhere whole', async () => {
    const { data, errors } = await graph.ask('{ shops { name best { name total } } one { name total } }');
    expect(data).toEqual({
      shops: [{ name: 's', best: { name: 'p2', total: null } }],
      one: { name: 'p1', total: 10 },
    });
    expect(errors?.map(({ path }) => path)).toEqual([['shops', 0, 'best', 'total']]);
  });
});

describe('an operation', () => {
  let graph: ComposedGraph;
  beforeAll(async () => {
    graph = await composedGraph({ people, orders });
  });

  it('leaves out what @skip and @include say, by variables and their defaults, and does not ask for it', async () => {
    const query = `query Q($more: Boolean = false, $less: Boolean!) {
      one { id @skip(if: $less) ... @include(if: $more) { total } name @include(if: true) @skip(if: $more) }
    }`;
    graph.calls.length = 0;
    expect(await graph.ask(query, { less: true })).toEqual({ data: { one: { name: 'p1' } } });
    expect(graph.calls.map(({ subgraph }) => subgraph)).toEqual(['people']);
    expect(await graph.ask(query, { less: false, more: true })).toEqual({
      data: { one: { id: '1', total: 10 } },
    });
    expect(
      await graph.ask('query Q($no: Boolean!) { one @include(if: $no) { total } }', { no: false }),
    ).toEqual({
      data: {},
    });
  });

  it('runs its mutations one after the other in the order of the client, over all subgraphs', async () => {
    const query = 'mutation { third { total } second { name } again: first { id } first { id } }';
    const { data } = await graph.ask(query);
    expect(done).toEqual(['third', 'second', 'first', 'first']);
    expect(Object.keys(data as object)).toEqual(['third', 'second', 'again', 'first']);
  });

  it('may ask for the schema by a variable, beside data', async () => {
    const query =
      'query Q($name: String!) { type: __type(name: $name) { name kind } one { id } __schema { queryType { name } } }';
    expect(await graph.ask(query, { name: 'Order' })).toEqual({
      data: {
        type: { name: 'Order', kind: 'OBJECT' },
        one: { id: '1' },
        __schema: { queryType: { name: 'Query' } },
      },
    });
  });

  it('with a variable that does not fit is refused before anybody is asked', async () => {
    graph.calls.length = 0;
    const { data, errors } = await graph.ask('query Q($less: Boolean!) { one { id @skip(if: $less) } }', {});
    expect([data, errors?.length, graph.calls.length]).toEqual([undefined, 1, 0]);
  });
});
