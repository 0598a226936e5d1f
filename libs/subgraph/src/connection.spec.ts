import 'reflect-metadata';
import { graphql, printType } from 'graphql';
import { Args, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import {
  buildSubgraph,
  connection,
  connectionOf,
  cursorOf,
  idOf,
  inOrder,
  isId,
  masked,
  PageArguments,
} from './index.js';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

describe('a page', () => {
  const rows = [1, 2, 3].map((n) => ({ n, at: new Date(n), id: id.replace('3f', `0${n}`) }));

  it('has as many as asked for, and says whether more follow', () => {
    const page = connection(rows, 2, (row) => row);
    expect(page.edges.map(({ node }) => node.n)).toEqual([1, 2]);
    expect(page.pageInfo).toEqual({ hasNextPage: true, endCursor: page.edges[1]?.cursor });
    expect(connection(rows, 3, (row) => row).pageInfo.hasNextPage).toBe(false);
  });

  it('that is empty ends nowhere', () => {
    expect(connection([], 20, () => ({ at: new Date(0), id }))).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it('gives out cursors that lead behind their entry', () => {
    const at = new Date('2026-11-21T09:10:00.123Z');
    const [edge] = connection([{ at, id }], 1, (row) => row).edges;
    expect(cursorOf(edge?.cursor)).toEqual({ at, id });
    const past = new Date('1969-12-31T23:59:59.999Z');
    expect(cursorOf(connection([{ at: past, id }], 1, (row) => row).edges[0]?.cursor)?.at).toEqual(past);
  });
});

describe('`after`', () => {
  it('may be left out', () => {
    expect(cursorOf(undefined)).toBeUndefined();
    expect(cursorOf(null)).toBeUndefined();
  });

  it.each([
    '',
    'nonsense',
    encoded('|'),
    encoded(`|${id}`),
    encoded(` |${id}`),
    encoded(`1e3|${id}`),
    encoded(`9999999999999999|${id}`),
    encoded(`999999999999999|${id}`),
    encoded(`-999999999999999|${id}`),
    encoded(`253402300800000|${id}`),
    encoded(`-62135596800001|${id}`),
    encoded('1763716200000|'),
    encoded('1763716200000|no-uuid'),
    encoded(`1763716200000|${id}|more`),
    encoded(`1763716200000|${id}' or 1=1`),
  ])('that is no cursor is refused by name, before the database sees it: %p', (after) => {
    expect(() => cursorOf(after)).toThrow('after: is not a cursor');
  });
});

describe('the instant of a cursor', () => {
  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])('may be as far away as %s', (text) => {
    const at = new Date(text);
    expect(cursorOf(encoded(`${at.getTime()}|${id}`))).toEqual({ at, id });
  });
});

describe('an id', () => {
  it('is a UUID in small letters', () => {
    expect(idOf('appointmentId', id.toUpperCase())).toBe(id);
    expect(isId(id)).toBe(true);
  });

  it.each(['', '1', `${id} `, `{${id}}`, id.replaceAll('-', ''), `${id}'--`])(
    'that is none is refused by name: %p',
    (text) => {
      expect(() => idOf('appointmentId', text)).toThrow('appointmentId: must be a UUID');
    },
  );

  it('that has no row is null in the place where it was asked for', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    expect(inOrder(['b', 'x', 'a', 'b'], [a, b])).toEqual([b, null, a, b]);
  });
});

describe('the connection types of a noun', () => {
  @ObjectType('Note')
  class NoteObject {
    @Field(() => ID)
    id!: string;
  }
  const NoteConnection = connectionOf(NoteObject, 'Note');
  const asked: PageArguments[] = [];

  @Resolver()
  class NoteQueries {
    @Query(() => NoteConnection)
    notes(@Args(() => PageArguments) page: PageArguments): object {
      asked.push(page);
      return connection([{ id, at: new Date(0) }], page.first, (row) => row);
    }
  }

  it('are named after it, and nothing in them may be missing', async () => {
    const { schema } = await buildSubgraph({ resolvers: [NoteQueries], entities: {} });
    const printed = ['NoteConnection', 'NoteEdge'].map((name) => printType(schema.getType(name)!));
    expect(printed[0]).toMatch(/edges: \[NoteEdge!\]![^]*pageInfo: PageInfo!/);
    expect(printed[1]).toMatch(/cursor: String![^]*node: Note!/);
    const { data } = await graphql({
      schema,
      source: '{ notes { edges { node { id } } } }',
      contextValue: {},
    });
    expect(data).toEqual({ notes: { edges: [{ node: { id } }] } });
    expect(asked.at(-1)?.first).toBe(20);
  });

  it.each([0, -1, 101, 2_147_483_647])('take 1 to 100 at a time, and not %p', async (first) => {
    const { schema } = await buildSubgraph({ resolvers: [NoteQueries], entities: {} });
    const before = asked.length;
    const { errors } = await graphql({ schema, source: `{ notes(first: ${first}) { edges { cursor } } }` });
    expect(masked(errors?.[0], 'r1').extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'first' }],
    });
    expect(asked).toHaveLength(before);
  });
});
