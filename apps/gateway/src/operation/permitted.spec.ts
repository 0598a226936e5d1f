import { parse } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { systemViewer } from '@caregraph/runtime';
import { demandsOf } from '@caregraph/subgraph';
import { composeSupergraph } from '../compose.js';
import { GraphExecutor } from '../graph/executor.js';
import { Graph } from '../graph/graph.js';
import type { Values } from '../graph/values.js';
import { silentLog } from '../testing/silent-log.js';

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy"])`;

const sdl = `${federation}
type Query { visit: Visit visits: [Visit!]! things: [Thing!]! named: [Named!]! hello: String money: Money }
type Mutation { refund: String! @policy(policies: [["role:staff", "mfa"]]) greet: String }
type Subscription { changed: Visit! @authenticated }
scalar Money @authenticated
enum Stage @requiresScopes(scopes: [["stage:read"]]) { FIRST }
type Visit @key(fields: "id") {
  id: ID! @policy(policies: [["role:staff"]])
  open: String
  note: String @requiresScopes(scopes: [["a", "b"], ["c"]])
  sum: Int! @authenticated
  stage: Stage
  secret: Secret
}
interface Named { name: String }
type Secret implements Named @policy(policies: [["role:admin"]]) { name: String }
type Plain implements Named { name: String }
union Thing = Plain | Secret
type Other { unheard: String @policy(policies: [["moon:full"]]) }
extend type Query { other: Other }`;
const more = `${federation}\ntype Visit @key(fields: "id") { id: ID! @policy(policies: [["role:staff"]]) price: Int }`;

const anonymous: Viewer = { ...systemViewer, memberships: [] };
const person: Viewer = { ...anonymous, account: 'ann' };
const staff: Viewer = { ...person, memberships: [{ practiceId: 'p', role: 'staff' }] };

const visit = { __typename: 'Visit', id: 'v1', open: 'yes', note: 'n', sum: 4, stage: 'FIRST', price: 7 };
const world: Values = {
  visit,
  visits: [visit, visit],
  things: [
    { __typename: 'Secret', name: 's' },
    { __typename: 'Plain', name: 'p' },
  ],
  named: [{ __typename: 'Secret', name: 's' }],
  hello: 'hi',
  money: 3,
  other: { unheard: 'x' },
  refund: 'done',
  greet: 'hi',
};

describe('what a caller may not have', () => {
  let graph: Graph;
  const supergraph = composeSupergraph([
    { name: 'one', sdl },
    { name: 'two', sdl: more },
  ]);
  beforeAll(async () => {
    graph = await Graph.load(supergraph, silentLog);
  });

  async function run(
    text: string,
    viewer: Viewer,
    variables: Values = {},
  ): Promise<{ data: unknown; errors: unknown[]; sent: string }> {
    const sent: string[] = [];
    const executor = new GraphExecutor(graph, ({ body }) => {
      const { query, variables: given } = JSON.parse(body) as { query: string; variables: Values };
      sent.push(query);
      const entities = (given.representations as unknown[] | undefined)?.map(() => ({ ...visit }));
      return Promise.resolve({ data: entities ? { _entities: entities } : structuredClone(world) });
    });
    const { executor: execute } = await executor.load();
    const asked = {
      document: parse(text),
      request: { variables },
      schema: graph.schema,
      context: { viewer },
    };
    const { data, errors = [] } = (await execute?.(asked as never)) ?? {};
    const told = errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]);
    return { data: structuredClone(data), errors: told, sent: sent.join('\n') };
  }

  it('is null, has an error of its own, and is not asked of a subgraph; the rest is answered (GW-003)', async () => {
    const { data, errors, sent } = await run('{ visit { open note stage } hello }', person);
    expect(data).toEqual({ visit: { open: 'yes', note: null, stage: null }, hello: 'hi' });
    expect(errors).toEqual([
      ['visit.note', 'FORBIDDEN'],
      ['visit.stage', 'FORBIDDEN'],
    ]);
    expect(sent).not.toMatch(/note|stage/);
  });

  it('propagates where no null may be, as if the field had failed, without a second error', async () => {
    const { data, errors } = await run('{ visit { open sum } hello }', anonymous);
    expect(data).toEqual({ visit: null, hello: 'hi' });
    expect(errors).toEqual([['visit.sum', 'UNAUTHENTICATED']]);
    const listed = await run('{ visits { open sum } }', anonymous);
    expect(listed).toMatchObject({ data: null, errors: [['visits.@.sum', 'UNAUTHENTICATED']] });
  });

  it.each([
    [[], null],
    [['a'], null],
    [['a', 'b'], 'n'],
    [['c'], 'n'],
  ])('by scopes %j, of which each list is enough: %j', async (scopes, note) => {
    const { data } = await run('{ visit { note } }', { ...person, scopes });
    expect(data).toEqual({ visit: { note } });
  });

  it('stays hidden when the plan itself fetches it: a key that is denied does not come with the answer', async () => {
    const { data, sent } = await run('{ visit { id price } }', person);
    expect(sent).toContain('id');
    expect(data).toEqual({ visit: null });
    expect((await run('{ visit { id price } }', staff)).data).toEqual({ visit: { id: 'v1', price: 7 } });
  });

  it('is told apart by type: of a union, through an interface, by a scalar', async () => {
    const union = '{ things { ... on Plain { name } ... on Secret { name } } }';
    const some = await run(union, staff);
    expect(some.data).toEqual({ things: [{ name: null }, { name: 'p' }] });
    expect(some.errors).toEqual([['things.@.name', 'FORBIDDEN']]);
    const hidden = await run('{ things { ... on Secret { name } } }', staff);
    expect(hidden.sent).not.toMatch(/\bname/);
    expect((await run('{ named { name } }', staff)).errors).toEqual([['named', 'FORBIDDEN']]);
    expect((await run('{ money }', anonymous)).errors).toEqual([['money', 'UNAUTHENTICATED']]);
    expect((await run('{ money }', person)).data).toEqual({ money: 3 });
  });

  it('cannot be had under another name, through a fragment or beside itself', async () => {
    const text =
      '{ visit { a: note ...F ... on Visit { note } } } fragment F on Visit { b: note open: note }';
    const { data, errors } = await run(text, person);
    expect(data).toEqual({ visit: { a: null, b: null, open: null, note: null } });
    expect(errors).toHaveLength(4);
  });

  it('is not told of when it was not asked for', async () => {
    const text = 'query ($with: Boolean! = false) { visit { open note @include(if: $with) } }';
    expect(await run(text, person)).toMatchObject({ data: { visit: { open: 'yes' } }, errors: [] });
    expect((await run(text, person, { with: true })).errors).toEqual([['visit.note', 'FORBIDDEN']]);
  });

  it('includes what asks for a policy that nobody knows', async () => {
    expect(await run('{ other { unheard } }', staff)).toMatchObject({
      data: { other: { unheard: null } },
      errors: [['other.unheard', 'FORBIDDEN']],
    });
  });

  it('is not done: nothing is sent, and who lacks a fresh second factor alone is asked for it (GW-003)', async () => {
    expect(await run('mutation { refund }', person)).toEqual({
      data: null,
      errors: [['refund', 'FORBIDDEN']],
      sent: '',
    });
    const seconds = Math.floor(Date.now() / 1000);
    const stale = { ...staff, amr: ['otp'], authTime: seconds - 16 * 60 };
    for (const viewer of [staff, stale, { ...staff, amr: ['pwd'], authTime: seconds }])
      expect(await run('mutation { refund }', viewer)).toMatchObject({
        errors: [['refund', 'STEP_UP_REQUIRED']],
        sent: '',
      });
    const fresh = { ...staff, amr: ['pwd', 'hwk'], authTime: seconds - 14 * 60 };
    expect((await run('mutation { refund }', fresh)).data).toEqual({ refund: 'done' });
  });

  it('shares the plan among all who meet the same, and with nobody else', () => {
    const document = parse('{ visit { open note } }');
    const of = (viewer: Viewer): unknown => graph.prepare(document, undefined, { meets: demandsOf(viewer) });
    expect(of({ ...person, account: 'bob' })).toBe(of(person));
    expect(of({ ...person, scopes: ['c'] })).not.toBe(of(person));
    expect(of({ ...person, scopes: ['c', 'd'] })).toBe(of({ ...staff, scopes: ['c'] }));
  });

  it('is known of a subscription before it begins', () => {
    const document = parse('subscription { changed { open note } }');
    const refused = (viewer: Viewer): string[] =>
      graph.refusedOf(document, undefined, demandsOf(viewer)).map(({ what }) => what);
    expect(refused(anonymous)).toEqual(['Subscription.changed']);
    expect(refused(person)).toEqual(['Visit.note']);
    expect(refused({ ...person, scopes: ['c'] })).toEqual([]);
  });

  it('is found under the name that a supergraph gives to a directive', async () => {
    const renamed = supergraph
      .replace(
        'authenticated/v0.1"',
        'authenticated/v0.1", import: [{ name: "@authenticated", as: "@login" }]',
      )
      .replaceAll('directive @authenticated', 'directive @login')
      .replaceAll(/@authenticated(?!["\w/])/g, '@login');
    const other = await Graph.load(renamed, silentLog);
    const refused = other.refusedOf(parse('{ money }'), undefined, demandsOf(anonymous));
    expect(refused.map(({ what }) => what)).toEqual(['Query.money']);
  });
});
