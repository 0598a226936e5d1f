import { randomUUID } from 'node:crypto';
import {
  anonymous,
  memberOf,
  now,
  patient,
  specApp,
  support,
  withoutFactor,
  type SpecApp,
} from '../spec-app.js';
import { endMembership } from './end-membership.js';
import { grantOperators } from './grant-operators.js';

const fields = '... on Membership { id account practiceId role active endedAt }';

describe('memberships', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  const grant = (input: object, viewer = support) => app.mutate('grantMembership', input, { viewer }, fields);
  const end = (membershipId: unknown, viewer = support) =>
    app.mutate('endMembership', { membershipId }, { viewer }, fields);
  const own = (viewer = support) =>
    app.ask<{ role: string }[]>('{ myMemberships { role practiceId } }', {}, { viewer });

  it('are granted by support and by the practice’s admins, told of and written down', async () => {
    const practiceId = await app.practice();
    const admin = await grant({ practiceId, account: 'ann', role: 'ADMIN' });
    expect(admin).toMatchObject({ account: 'ann', practiceId, role: 'ADMIN', active: true });
    const ann = memberOf(practiceId, 'admin', 'ann');
    const id = randomUUID();
    expect(await grant({ id, practiceId, account: 'bob', role: 'STAFF' }, ann)).toMatchObject({ id });
    const told = { membershipId: id, version: 1, account: 'bob', practiceId, role: 'staff', active: true };
    expect(await app.events(id)).toEqual([told]);
    expect(await app.trail(id)).toEqual([
      ['membership_granted', 'admin', 'ann', { account: 'bob', role: 'staff' }],
    ]);
    expect(await own({ ...patient, account: 'bob' })).toEqual([{ role: 'STAFF', practiceId }]);

    expect(await end(id, ann)).toMatchObject({ active: false });
    expect(await app.events(id)).toEqual([told, { ...told, version: 2, active: false }]);
    expect(await own({ ...patient, account: 'bob' })).toEqual([]);
    expect(await end(id, ann)).toMatchObject({ code: 'MEMBERSHIP_ENDED' });
    const again = await grant({ practiceId, account: 'bob', role: 'STAFF' }, ann);
    expect(again.id).not.toBe(id);
  });

  it('of the same role are granted once, however many ask at the same time', async () => {
    const practiceId = await app.practice();
    const wanted = { practiceId, account: 'ann', role: 'STAFF' };
    const outcomes = await Promise.all([grant(wanted), grant(wanted), grant(wanted)]);
    expect(outcomes.map(({ code }) => code ?? 'granted').sort()).toEqual([
      'MEMBERSHIP_EXISTS',
      'MEMBERSHIP_EXISTS',
      'granted',
    ]);
    expect(await grant({ ...wanted, role: 'PROVIDER' })).toMatchObject({ role: 'PROVIDER' });
  });

  it('with the same idempotency key are one', async () => {
    const practiceId = await app.practice();
    const wanted = { practiceId, account: 'ann', role: 'STAFF', idempotencyKey: randomUUID() };
    const { id } = await grant(wanted);
    expect(await grant(wanted)).toMatchObject({ id });
  });

  it('need a practice that is known, but for support, which has none', async () => {
    const unknown = { practiceId: randomUUID(), account: 'ann', role: 'STAFF' };
    expect(await grant(unknown)).toMatchObject({ code: 'PRACTICE_NOT_KNOWN' });
    const practiceId = await app.practice();
    for (const wrong of [
      { practiceId, account: 'ann', role: 'SUPPORT' },
      { account: 'ann', role: 'ADMIN' },
    ])
      await expect(grant(wrong)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await grant({ account: 'second', role: 'SUPPORT' })).toMatchObject({ practiceId: null });
  });

  it.each([
    '\u0007',
    'an\u0000n',
    'ann\u200b',
    'an n',
    'system',
    `partner-key:${randomUUID()}`,
    `erased:${randomUUID()}`,
  ])('are for people, and not for %j', async (account) => {
    const practiceId = await app.practice();
    const refused = grant({ practiceId, account, role: 'ADMIN' });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await app.rows('select 1 from membership where practice_id = ?', [practiceId])).toEqual([]);
  });

  it.each(['auth0|5f7c8ec7', 'ann@example.org', 'systematic', 'idp:1/ann', 'josé'])(
    'may be %j’s',
    async (account) => {
      const practiceId = await app.practice();
      expect(await grant({ practiceId, account, role: 'STAFF' })).toMatchObject({ account });
    },
  );

  it('are nobody else’s to grant, to end or to list, and ask for a second factor', async () => {
    const practiceId = await app.practice();
    const { id } = await grant({ practiceId, account: 'ann', role: 'STAFF' });
    const other = memberOf(await app.practice(), 'admin');
    const wanted = { practiceId, account: 'eve', role: 'ADMIN' };
    for (const viewer of [patient, memberOf(practiceId, 'staff'), other])
      await expect(grant(wanted, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(grant({ account: 'eve', role: 'SUPPORT' }, other)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(grant(wanted, anonymous)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const viewer of [support, memberOf(practiceId, 'admin')]) {
      const plain = withoutFactor(viewer);
      await expect(grant(wanted, plain)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
      await expect(end(id, plain)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
    }
    expect(await end(id, other)).toMatchObject({ code: 'MEMBERSHIP_NOT_FOUND' });

    const list = 'query ($id: ID) { memberships(practiceId: $id) { edges { node { account } } } }';
    const listed = (viewer = support, of: string | null = practiceId) =>
      app.ask<{ edges: unknown[] }>(list, { id: of }, { viewer });
    expect((await listed(memberOf(practiceId, 'admin'))).edges).toEqual([{ node: { account: 'ann' } }]);
    for (const viewer of [patient, memberOf(practiceId, 'staff'), other])
      await expect(listed(viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(listed(other, null)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of the last admin are ended by support alone, also when two admins end each other', async () => {
    const practiceId = await app.practice();
    const [ann, bob] = [
      await grant({ practiceId, account: 'ann', role: 'ADMIN' }),
      await grant({ practiceId, account: 'bob', role: 'ADMIN' }),
    ];
    const outcomes = await Promise.all([
      end(ann.id, memberOf(practiceId, 'admin', 'bob')),
      end(bob.id, memberOf(practiceId, 'admin', 'ann')),
    ]);
    expect(outcomes.map(({ code }) => code ?? 'ended').sort()).toEqual(['LAST_ADMIN', 'ended']);
    const left = outcomes[0].code ? ann : bob;
    expect(await end(left.id)).toMatchObject({ active: false });
  });

  it('that change meanwhile are not overwritten', async () => {
    const practiceId = await app.practice();
    const { id = '' } = await grant({ practiceId, account: 'ann', role: 'STAFF' });
    const ends = await Promise.all([
      endMembership(app.deps(), { membershipId: id }),
      endMembership(app.deps(), { membershipId: id }),
    ]);
    expect(ends.map((outcome) => ('code' in outcome ? outcome.code : outcome.status)).sort()).toEqual([
      'ENDED',
      'MEMBERSHIP_ENDED',
    ]);
    expect(await app.events(id)).toHaveLength(2);
  });

  it('of the operators that the configuration names are granted once, by the system', async () => {
    const operators = () => grantOperators({ em: app.deps().em, now }, ['first', 'first-too']);
    const [one, two] = await Promise.all([operators(), operators()]);
    expect([...one, ...two].sort()).toEqual(['first', 'first-too']);
    expect(await operators()).toEqual([]);
    expect(await own({ ...patient, account: 'first' })).toEqual([{ role: 'SUPPORT', practiceId: null }]);
    const [row] = await app.rows(`select id from membership where account = 'first'`);
    expect(await app.trail(String(row?.id))).toEqual([
      ['membership_granted', 'system', null, { account: 'first', role: 'support' }],
    ]);
  });

  it('leave a trail that nobody can change', async () => {
    for (const sql of [`update audit_entry set type = 'x'`, 'delete from audit_entry'])
      await expect(app.rows(sql)).rejects.toThrow(/permission denied/);
  });
});
