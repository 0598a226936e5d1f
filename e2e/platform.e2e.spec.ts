// Who may do what, what is switched on and who is logged in, as the platform itself answers it through the gateway.
import { randomUUID } from 'node:crypto';
import { GatewayClient } from '@caregraph/testing';
import { demoAccount, demoId, demoPractices } from '../tools/demo/ids.js';
import type { Outcome } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { ops } from './support/operations.js';
import { aKey, openWorld, stack } from './support/story.js';

interface Member {
  readonly account: string;
  readonly role: string;
  readonly active: boolean;
}

describe('the platform', () => {
  const practiceId = demoPractices.lakeshore;
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const change = (login: string, mutation: string, input: object, fields: string): Promise<Outcome> =>
    world.mutate(login, mutation, input, fields, aKey());
  const members = async (login: string): Promise<Member[]> => {
    const query =
      'query Members($id: ID!) { memberships(practiceId: $id, first: 100) { edges { node { account role active } } } }';
    const { memberships } = await world
      .as(login)
      .request<{ memberships: { edges: { node: Member }[] } }>(query, { id: practiceId });
    return memberships.edges.map(({ node }) => node);
  };

  it('knows the demo’s people, whom its first operator has let in', async () => {
    expect(await members('admin2')).toContainEqual({
      account: demoAccount('staff2'),
      role: 'STAFF',
      active: true,
    });
    const { myMemberships } = await world
      .as('support')
      .request<{ myMemberships: object[] }>('{ myMemberships { role practiceId } }');
    expect(myMemberships).toEqual([{ role: 'SUPPORT', practiceId: null }]);
  });

  it('lets an admin give a role and take it away, and nobody without a second factor', async () => {
    const account = `temp-${randomUUID()}`;
    const input = { practiceId, account, role: 'STAFF' };
    const { id } = await change('admin2', 'grantMembership', input, '... on Membership { id }');
    expect(await members('support')).toContainEqual({ account, role: 'STAFF', active: true });
    const ended = await change('admin2', 'endMembership', { membershipId: id }, '... on Membership { id }');
    expect(ended).toMatchObject({ id });
    expect(await members('support')).toContainEqual({ account, role: 'STAFF', active: false });

    const riverside = { practiceId: demoPractices.riverside, account, role: 'STAFF' };
    const plain = change('admin-password-only', 'grantMembership', riverside, '');
    await expect(plain).rejects.toMatchObject({ errors: [{ extensions: { code: 'STEP_UP_REQUIRED' } }] });
    await expect(change('patient', 'grantMembership', input, '')).rejects.toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('tells a partner’s key once, and revokes it', async () => {
    const input = { practiceId, name: 'Intake forms', scopes: ['appointments:read'] };
    const fields = '... on PartnerKey { id key hint active }';
    const made = (await change('admin2', 'createPartnerKey', input, fields)) as Outcome & { key: string };
    expect(made.key).toMatch(/^cg_[\w-]{43}$/);
    const revoked = await change('admin2', 'revokePartnerKey', { partnerKeyId: made.id }, fields);
    expect(revoked).toMatchObject({ id: made.id, key: null, hint: made.key.slice(-4), active: false });
  });

  it('sets a feature flag for one provider and back, and says what decides', async () => {
    const key = 'booking.request_mode_enabled';
    // Of no story's provider, so that none is disturbed.
    const providerId = demoId('provider', 'nobody');
    const decided = async (): Promise<unknown> => {
      const query =
        'query Decided($key: String!, $id: ID) { featureFlag(key: $key, providerId: $id) { on reason } }';
      return (await world.as('admin2').request<{ featureFlag: object }>(query, { key, id: providerId }))
        .featureFlag;
    };
    const flag = { key, providerId };
    await change('support', 'setFeatureFlagForProvider', { ...flag, on: false }, '');
    expect(await decided()).toEqual({ on: false, reason: 'PROVIDER' });
    await change('support', 'resetFeatureFlag', flag, '');
    expect(await decided()).toEqual({ on: true, reason: 'DEFAULT' });
    await expect(change('admin2', 'setFeatureFlag', { key, on: true }, '')).rejects.toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('logs a session out, and no other', async () => {
    const { graphql, subscriptions, urls } = stack.describe();
    const response = await fetch(new URL('/demo/token', urls.sandbox), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'patient4' }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const client = new GatewayClient({ graphql, subscriptions }, token);
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      sid: string;
    };
    const document =
      'mutation LogOut { outcome: endMySession(input: {}) { ... on RevokedSession { account sessionId } } }';
    const { outcome } = await client.request<{ outcome: object }>(document);
    expect(outcome).toEqual({ account: demoAccount('patient4'), sessionId: sid });
    await client.close();
  });

  it('says what it knows again for those whose copies were lost', async () => {
    const { code, output } = await ops(['republish', 'platform', 'membership']);
    expect(output).toMatch(/\d+ events of platform membership are on their way/);
    expect(code).toBe(0);
  });
});
