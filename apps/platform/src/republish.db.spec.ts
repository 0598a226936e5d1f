import { republish } from '@caregraph/messaging';
import { republishable } from './republish.js';
import { now, patient, specApp, support, type SpecApp } from './spec-app.js';

describe('the platform', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it('says again what memberships, revoked sessions, keys and flags there are, each as it was said last', async () => {
    const practiceId = await app.practice();
    const id = '... on Membership { id }';
    const member = await app.mutate('grantMembership', { practiceId, account: 'ann', role: 'STAFF' }, {}, id);
    await app.mutate('endMembership', { membershipId: member.id });
    await app.mutate('endMySession', {}, { viewer: patient });
    const partner = { practiceId, name: 'Intake forms', scopes: ['appointments:read'] };
    await app.mutate('createPartnerKey', partner);
    await app.mutate(
      'setFeatureFlag',
      { key: 'booking.request_mode_percentage', percentage: 30 },
      { viewer: support },
    );

    const outbox = async () =>
      (await app.rows(`select aggregateid, payload -> 'data' as data from outbox order by seq`)) as {
        aggregateid: string;
        data: object;
      }[];
    const before = await outbox();
    const last = new Map(before.map(({ aggregateid, data }) => [aggregateid, data]));
    const orm = { em: app.deps().em } as unknown as Parameters<typeof republish>[0];
    for (const noun of ['membership', 'revoked-session', 'partner-key', 'feature-flag'])
      expect(await republish(orm, republishable[noun]!, now)).toBe(1);
    const again = (await outbox()).slice(before.length);
    expect(again).toHaveLength(4);
    for (const { aggregateid, data } of again) expect(data).toEqual(last.get(aggregateid));
  });
});
