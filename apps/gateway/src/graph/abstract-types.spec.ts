// Interfaces and unions that are known in several subgraphs: entity interfaces, interface objects, `__typename`.
import { composedGraph, type ComposedGraph } from '../testing/composed-graph.js';

const media = {
  sdl: `
    type Query { all: [Media!]! found: [Found!]! }
    interface Media @key(fields: "id") { id: ID! title: String! }
    type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
    type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
    union Found = Book | Film`,
  resolvers: {
    Query: {
      all: () => [
        { __typename: 'Book', id: 'b', title: 'B', pages: 3 },
        { __typename: 'Film', id: 'f', title: 'F', minutes: 90 },
      ],
      found: () => [
        { __typename: 'Film', id: 'f', title: 'F', minutes: 90 },
        { __typename: 'Book', id: 'b', title: 'B', pages: 3 },
      ],
    },
    Media: {
      __resolveReference: ({ id }: { id: string }) =>
        id === 'b'
          ? { __typename: 'Book', id, title: 'B', pages: 3 }
          : { __typename: 'Film', id, title: 'F', minutes: 90 },
      __resolveType: ({ __typename }: { __typename: string }) => __typename,
    },
    Book: { __resolveReference: () => ({ id: 'b', title: 'B', pages: 3 }) },
    Film: { __resolveReference: () => ({ id: 'f', title: 'F', minutes: 90 }) },
  },
};
const reviews = {
  sdl: `
    type Query { best: Media latest: [Media!]! }
    type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int! }`,
  resolvers: {
    Query: {
      best: () => ({ id: 'b', stars: 5 }),
      latest: () => [
        { id: 'f', stars: 1 },
        { id: 'b', stars: 5 },
      ],
    },
    Media: { stars: ({ id }: { id: string }) => (id === 'b' ? 5 : 1) },
  },
};
const extra = {
  sdl: 'type Film @key(fields: "id") { id: ID! studio: String }',
  resolvers: { Film: { studio: ({ id }: { id: string }) => `studio of ${id}` } },
};

describe('an abstract type', () => {
  let graph: ComposedGraph;
  beforeAll(async () => {
    graph = await composedGraph({ media, reviews, extra });
  });

  it('takes fields from @interfaceObject for each of its types', async () => {
    expect(await graph.ask('{ all { __typename id title stars } }')).toEqual({
      data: {
        all: [
          { __typename: 'Book', id: 'b', title: 'B', stars: 5 },
          { __typename: 'Film', id: 'f', title: 'F', stars: 1 },
        ],
      },
    });
  });

  it('that comes from @interfaceObject tells its real type and the fields of it', async () => {
    expect(
      await graph.ask(
        '{ best { __typename stars ... on Book { pages } } latest { title ... on Film { studio minutes } } }',
      ),
    ).toEqual({
      data: {
        best: { __typename: 'Book', stars: 5, pages: 3 },
        latest: [{ title: 'F', studio: 'studio of f', minutes: 90 }, { title: 'B' }],
      },
    });
  });

  it('that comes from @interfaceObject needs no other subgraph for its own fields', async () => {
    graph.calls.length = 0;
    expect(await graph.ask('{ best { id stars } }')).toEqual({ data: { best: { id: 'b', stars: 5 } } });
    expect(graph.calls.map(({ subgraph }) => subgraph)).toEqual(['reviews']);
  });

  it('as a union is completed by type, in the order of its list', async () => {
    expect(
      await graph.ask(
        '{ found { __typename ... on Film { studio stars } ... on Book { kind: __typename pages } } }',
      ),
    ).toEqual({
      data: {
        found: [
          { __typename: 'Film', studio: 'studio of f', stars: 1 },
          { __typename: 'Book', kind: 'Book', pages: 3 },
        ],
      },
    });
  });

  it('has __typename at the root and at each level, under any name', async () => {
    expect(
      await graph.ask('{ __typename root: __typename all { type: __typename ... on Media { __typename } } }'),
    ).toEqual({
      data: {
        __typename: 'Query',
        root: 'Query',
        all: [
          { type: 'Book', __typename: 'Book' },
          { type: 'Film', __typename: 'Film' },
        ],
      },
    });
  });
});
