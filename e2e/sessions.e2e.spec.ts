// What the platform decides counts at the gateway within moments: a logout, a role that is taken away, a partner's key.
import { WebSocket } from 'ws';
import { eventually, GatewayClient } from '@caregraph/testing';
import { demoAccount, demoPractices } from '../tools/demo/ids.js';
import type { World } from '../tools/demo/world.js';
import { aKey, openWorld, stack } from './support/story.js';

/** How long a change may take to count, in milliseconds. */
const promptly = { withinMs: 2_000, everyMs: 20 };

describe('who may come in', () => {
  const practiceId = demoPractices.lakeshore;
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const clientWith = (token: string): GatewayClient => {
    const { graphql, subscriptions } = stack.describe();
    return new GatewayClient({ graphql, subscriptions }, token);
  };
  const freshLogin = async (login: string): Promise<string> => {
    const response = await fetch(new URL('/demo/token', stack.describe().urls.sandbox), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const refused = (client: GatewayClient): Promise<string> =>
    eventually(
      'the token is refused',
      async () => {
        const { status, errors } = await client.answer('{ myMemberships { role } }');
        return status === 401 ? errors[0]?.extensions?.code : undefined;
      },
      promptly,
    );

  it('a logout counts within two seconds, for requests and for an open socket, and for no other login (check 24)', async () => {
    const [token, other] = await Promise.all([freshLogin('patient3'), freshLogin('patient3')]);
    const [client, elsewhere] = [clientWith(token), clientWith(other)];
    const { closed } = await openSocket(token);
    await client.request('mutation LogOut { endMySession(input: {}) { ... on RevokedSession { account } } }');
    expect(await refused(client)).toBe('UNAUTHENTICATED');
    expect(await closed).toBe(4403);
    await elsewhere.request('{ myMemberships { role } }');
  });

  it('a role counts as soon as it is given, and no more as soon as it is taken away (check 24)', async () => {
    const person = clientWith(await freshLogin('patient4'));
    const codeOf = async (): Promise<string> => {
      const query = 'query Members($id: ID!) { memberships(practiceId: $id, first: 1) { edges { cursor } } }';
      const { errors } = await person.answer(query, { id: practiceId });
      return errors[0]?.extensions?.code ?? 'OK';
    };
    const until = (code: string): Promise<string> =>
      eventually(
        `the answer is ${code}`,
        async () => ((await codeOf()) === code ? code : undefined),
        promptly,
      );
    expect(await codeOf()).toBe('FORBIDDEN');
    const account = demoAccount('patient4');
    const { id } = await world.mutate(
      'admin2',
      'grantMembership',
      { practiceId, account, role: 'ADMIN' },
      '... on Membership { id }',
      aKey(),
    );
    await until('OK');
    await world.mutate('admin2', 'endMembership', { membershipId: id }, '', aKey());
    await until('FORBIDDEN');
  });

  it("a partner's key lets its bearer in until it is revoked", async () => {
    const made = (await world.mutate(
      'admin2',
      'createPartnerKey',
      { practiceId, name: 'Reports', scopes: ['appointments:read'] },
      '... on PartnerKey { id key }',
      aKey(),
    )) as unknown as { id: string; key: string };
    const partner = clientWith(made.key);
    await eventually(
      'the key is known',
      async () => ((await partner.answer('{ myMemberships { role } }')).status === 200 ? true : undefined),
      promptly,
    );
    await world.mutate('admin2', 'revokePartnerKey', { partnerKeyId: made.id }, '', aKey());
    expect(await refused(partner)).toBe('UNAUTHENTICATED');
  });
});

/** Resolves once the socket is let in, with its close code to come. */
async function openSocket(token: string): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(stack.describe().subscriptions, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', () => {
      resolve();
    });
    socket.once('open', () => {
      const payload = { authorization: `Bearer ${token}` };
      socket.send(JSON.stringify({ type: 'connection_init', payload }));
    });
  });
  return { closed };
}
