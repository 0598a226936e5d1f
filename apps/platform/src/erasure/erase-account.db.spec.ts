import { randomUUID } from 'node:crypto';
import { verifyAudit } from '../audit/verify-audit.js';
import { memberOf, patient, specApp, support, withoutFactor, type SpecApp } from '../spec-app.js';

const fields = '... on ErasedAccount { id erasedAt } ... on AccountHasMemberships { memberships }';

describe('erasing an account (GW-035)', () => {
  let app: SpecApp;
  let practiceId: string;
  beforeEach(async () => {
    // What is looked for is looked for everywhere.
    app = await specApp();
    practiceId = await app.practice();
  });
  afterEach(() => app.close());

  const erase = (account: string, viewer = support, idempotencyKey: string | null = null) =>
    app.mutate('eraseAccount', { account, idempotencyKey }, { viewer }, fields);

  /** Ann was an admin, let Bob in, made a key, stopped captures once, logged out; and is nothing any more. */
  async function formerAdmin(): Promise<{ membership: string; bobs: string }> {
    const [membership, bobs] = [randomUUID(), randomUUID()];
    await app.mutate('grantMembership', { id: membership, practiceId, account: 'ann', role: 'ADMIN' });
    const ann = { viewer: { ...memberOf(practiceId, 'admin', 'ann'), ip: '192.0.2.1', userAgent: 'annfox' } };
    await app.mutate('grantMembership', { id: bobs, practiceId, account: 'bob', role: 'ADMIN' }, ann);
    await app.mutate('createPartnerKey', { practiceId, name: 'Intake', scopes: ['appointments:read'] }, ann);
    await app.mutate('endMySession', { everywhere: true }, ann);
    await app.mutate('endMembership', { membershipId: membership });
    return { membership, bobs };
  }

  /** Where a text stands, by table. */
  async function found(text: string): Promise<string[]> {
    const tables = ['membership', 'audit_entry', 'outbox', 'partner_key', 'revoked_session', 'erasure'];
    const hits = await Promise.all(
      tables.map(async (table) => {
        const rows = await app.rows(`select 1 from ${table} t where position(? in t::text) > 0`, [text]);
        return rows.length > 0 ? [table] : [];
      }),
    );
    return hits.flat();
  }

  it('leaves his name nowhere but in sessions that must stay ended, and the trail whole', async () => {
    const { membership, bobs } = await formerAdmin();
    await app.rows('update outbox set published_at = now()');
    const { id, erasedAt } = await erase('ann');
    expect(erasedAt).toEqual(expect.any(String));
    expect(await found('ann')).toEqual(['revoked_session']);
    for (const text of ['192.0.2.1', 'annfox']) expect(await found(text)).toEqual([]);
    expect(await app.rows('select account, granted_by from membership where id = ?', [bobs])).toEqual([
      { account: 'bob', granted_by: `erased:${id ?? ''}` },
    ]);
    expect(await app.events(membership)).toEqual([
      {
        membershipId: membership,
        version: 3,
        account: `erased:${id ?? ''}`,
        practiceId,
        role: 'admin',
        active: false,
      },
    ]);
    expect(await app.trail(membership)).toEqual([
      ['membership_granted', 'support', 'support', { role: 'admin' }],
      ['membership_ended', 'support', 'support', { role: 'admin' }],
      ['membership_erased', 'support', 'support', { role: 'admin' }],
    ]);
    expect(await app.trail(String(id))).toEqual([['account_erased', 'support', 'support', {}]]);
    // Bob's, whose giver is erased, and the key's, whose maker is.
    expect(await verifyAudit(app.deps().em)).toMatchObject({ erased: 5, broken: [] });
  });

  it('is done once for one idempotency key, and finds nothing more the second time', async () => {
    await formerAdmin();
    const key = randomUUID();
    const { id } = await erase('ann', support, key);
    expect(await erase('ann', support, key)).toMatchObject({ id });
    expect(await erase('ann')).toMatchObject({ code: 'ACCOUNT_NOT_KNOWN' });
  });

  it('knows nobody by what stands in his place, which stays as it was answered', async () => {
    const { bobs } = await formerAdmin();
    const pseudonym = `erased:${String((await erase('ann')).id)}`;
    expect(await erase(pseudonym)).toMatchObject({ code: 'ACCOUNT_NOT_KNOWN' });
    expect(await app.rows('select granted_by from membership where id = ?', [bobs])).toEqual([
      { granted_by: pseudonym },
    ]);
    expect(await app.rows('select 1 from erasure')).toHaveLength(1);
  });

  it('is refused while he has a role, and changes nothing', async () => {
    await formerAdmin();
    const before = await verifyAudit(app.deps().em);
    expect(await erase('bob')).toMatchObject({ code: 'ACCOUNT_HAS_MEMBERSHIPS', memberships: 1 });
    expect(await verifyAudit(app.deps().em)).toEqual(before);
    expect(await app.rows('select 1 from erasure')).toEqual([]);
  });

  it('is for support alone, with a second factor', async () => {
    await formerAdmin();
    for (const viewer of [patient, memberOf(practiceId, 'admin')])
      await expect(erase('ann', viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(erase('ann', withoutFactor(support))).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
  });

  it('takes nobody out of the trail whom the trail does not tell of as erased', async () => {
    const { membership } = await formerAdmin();
    const asApp = app.rows('select erase_audit_people(?, ?)', ['ann', membership]);
    await expect(asApp).rejects.toThrow('the audit trail cannot be changed');
    await app.tamper(`update audit_entry set whom = null, whom_salt = null, erasure_id = $1`, [randomUUID()]);
    expect((await verifyAudit(app.deps().em)).broken[0]).toMatchObject({ problem: 'who did it was changed' });
  });
});
