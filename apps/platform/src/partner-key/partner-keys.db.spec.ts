import { randomUUID } from 'node:crypto';
import { memberOf, patient, specApp, support, withoutFactor, type SpecApp } from '../spec-app.js';
import { keyHash } from './key-text.js';

const realNow = new Date('2026-11-21T15:00:00.000Z');
const later = new Date('2026-12-21T15:00:00.000Z').toISOString();
const fields = '... on PartnerKey { id key hint scopes active expiresAt revokedAt }';

describe("partners' keys", () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  const create = (input: object, viewer = support) =>
    app.mutate(
      'createPartnerKey',
      { name: 'Intake forms', scopes: ['appointments:read'], ...input },
      { viewer, realNow },
      fields,
    );
  const revoke = (partnerKeyId: unknown, viewer = support) =>
    app.mutate('revokePartnerKey', { partnerKeyId }, { viewer, realNow }, fields);

  it('are told once and kept as hashes, told of and written down without the key', async () => {
    const practiceId = await app.practice();
    const admin = memberOf(practiceId, 'admin', 'ann');
    const id = randomUUID();
    const wanted = { id, practiceId, expiresAt: later, idempotencyKey: randomUUID() };
    const made = await create(wanted, admin);
    const text = String(made.key);
    expect(made).toMatchObject({ id, hint: text.slice(-4), active: true, expiresAt: later });

    const told = {
      partnerKeyId: id,
      version: 1,
      practiceId,
      name: 'Intake forms',
      scopes: ['appointments:read'],
      hash: keyHash(text),
      expiresAt: later,
      active: true,
    };
    expect(await app.events(id)).toEqual([told]);
    const { name, scopes, expiresAt } = told;
    expect(await app.trail(id)).toEqual([
      ['partner_key_created', 'admin', 'ann', { name, scopes, expiresAt }],
    ]);
    const everything = await app.rows(`select (select string_agg(t::text, '') from partner_key t) ||
      (select string_agg(t::text, '') from outbox t) || (select string_agg(t::text, '') from audit_entry t) as text`);
    expect(String(everything[0]?.text)).not.toContain(text);
    // Who asks again with the same idempotency key gets the same, but not the key.
    expect(await create(wanted, admin)).toMatchObject({ id, key: null });

    expect(await revoke(id, admin)).toMatchObject({ active: false, revokedAt: expect.any(String) as string });
    expect(await app.events(id)).toEqual([told, { ...told, version: 2, active: false }]);
    expect(await revoke(id, admin)).toMatchObject({ code: 'PARTNER_KEY_REVOKED' });
  });

  it('have only scopes that the graph asks for, and a future', async () => {
    const practiceId = await app.practice();
    for (const [wrong, field] of [
      [{ scopes: ['everything'] }, 'scopes'],
      [{ scopes: [] }, 'input.scopes'],
      [{ expiresAt: realNow.toISOString() }, 'expiresAt'],
    ] as const)
      await expect(create({ practiceId, ...wrong })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [{ field: expect.stringContaining(field.replace('input.', '')) as string }],
      });
    expect(await create({ practiceId: randomUUID() })).toMatchObject({ code: 'PRACTICE_NOT_KNOWN' });
  });

  it('are at most twenty that count in a practice, however many ask at the same time', async () => {
    const practiceId = await app.practice();
    const soon = new Date(realNow.getTime() + 1).toISOString();
    const made = [];
    for (let count = 0; count < 19; count++) made.push(await create({ practiceId, expiresAt: soon }));
    const codes = await Promise.all([create({ practiceId }), create({ practiceId })]);
    expect(codes.map(({ code }) => code ?? 'made').sort()).toEqual(['TOO_MANY_PARTNER_KEYS', 'made']);
    await revoke(made[0]?.id);
    expect((await create({ practiceId })).code).toBeUndefined();
    const list = `query ($id: ID!) { partnerKeys(practiceId: $id, first: 100) { edges { node { active key } } } }`;
    const after = new Date(realNow.getTime() + 2);
    const { edges } = await app.ask<{ edges: { node: { active: boolean; key: unknown } }[] }>(
      list,
      { id: practiceId },
      { realNow: after },
    );
    expect(edges.filter(({ node }) => node.active)).toHaveLength(2);
    expect(edges.every(({ node }) => node.key === null)).toBe(true);
  });

  it('are nobody else’s to make, to revoke or to list, and ask for a second factor', async () => {
    const practiceId = await app.practice();
    const { id } = await create({ practiceId });
    const admin = memberOf(practiceId, 'admin');
    const other = memberOf(await app.practice(), 'admin');
    for (const viewer of [patient, memberOf(practiceId, 'staff'), memberOf(practiceId, 'partner'), other])
      await expect(create({ practiceId }, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const attempt of [create({ practiceId }, withoutFactor(admin)), revoke(id, withoutFactor(admin))])
      await expect(attempt).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await revoke(id, other)).toMatchObject({ code: 'PARTNER_KEY_NOT_FOUND' });
    const list = 'query ($id: ID!) { partnerKeys(practiceId: $id) { edges { cursor } } }';
    for (const viewer of [patient, memberOf(practiceId, 'staff'), other])
      await expect(app.ask(list, { id: practiceId }, { viewer })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
  });
});
