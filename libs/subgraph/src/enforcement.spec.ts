import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { systemViewer, type Viewer } from '@caregraph/runtime';
import { enforceRequirements } from './enforcement.js';

const seconds = Math.floor(Date.now() / 1000);
const nobody: Viewer = { ...systemViewer, memberships: [] };
const person: Viewer = { ...nobody, account: 'ann' };
const staff: Viewer = { ...person, memberships: [{ practiceId: 'p', role: 'staff' }] };
const partner: Viewer = { ...person, memberships: [{ practiceId: 'p', role: 'partner' }] };

const schema = buildSubgraphSchema({
  typeDefs: parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.11",
    import: ["@key", "@authenticated", "@requiresScopes", "@policy"])
  type Query { me: String @authenticated read: String @policy(policies: [["partner-scope:x:read"]]) m: Money }
  type Mutation { refund: String @policy(policies: [["role:staff", "mfa"]]) }
  scalar Money @requiresScopes(scopes: [["money:read"]])
  type Note @key(fields: "id") { id: ID! text: String @policy(policies: [["role:staff"]]) }`),
  resolvers: {
    Query: { me: () => 'ann', read: () => 'read', m: () => 3 },
    Mutation: { refund: () => 'done' },
    Note: { __resolveReference: ({ id }: { id: string }) => ({ id, text: 'secret' }) },
  },
});
enforceRequirements(schema);

const ask = async (source: string, viewer: Viewer): Promise<unknown> => {
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { viewer } });
  const [error] = errors;
  return error ? error.extensions.code : Object.values(data ?? {})[0];
};

describe('a subgraph by itself', () => {
  it('asks for a login, for scopes and for policies, whoever calls (GW-003)', async () => {
    expect(await ask('{ me }', nobody)).toBe('UNAUTHENTICATED');
    expect(await ask('{ me }', person)).toBe('ann');
    expect(await ask('{ m }', person)).toBe('FORBIDDEN');
    expect(await ask('{ m }', { ...person, scopes: ['money:read'] })).toBe(3);
  });

  it('asks in `_entities`, too', async () => {
    const entity =
      '{ _entities(representations: [{ __typename: "Note", id: "1" }]) { ... on Note { id text } } }';
    expect(await ask(entity, person)).toBe('FORBIDDEN');
    expect(await ask(entity, staff)).toEqual([{ id: '1', text: 'secret' }]);
    expect(await ask(entity, systemViewer)).toEqual([{ id: '1', text: 'secret' }]);
  });

  it('holds a partner to the scopes of its contract, and nobody else', async () => {
    expect(await ask('{ read }', partner)).toBe('FORBIDDEN');
    expect(await ask('{ read }', { ...partner, scopes: ['x:read'] })).toBe('read');
    expect(await ask('{ read }', person)).toBe('read');
  });

  it('asks for a second factor that is fresh, and says how to get one', async () => {
    const fresh = { ...staff, amr: ['otp'], authTime: seconds };
    expect(await ask('mutation { refund }', fresh)).toBe('done');
    expect(await ask('mutation { refund }', { ...fresh, authTime: seconds - 901 })).toBe('STEP_UP_REQUIRED');
    expect(await ask('mutation { refund }', { ...fresh, authTime: seconds + 60 })).toBe('STEP_UP_REQUIRED');
    expect(await ask('mutation { refund }', { ...fresh, memberships: [] })).toBe('FORBIDDEN');
    const { errors } = await graphql({
      schema,
      source: 'mutation { refund }',
      contextValue: { viewer: staff },
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'STEP_UP_REQUIRED', acr_values: 'mfa', max_age: 900 });
  });
});
