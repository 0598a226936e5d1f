import { anonymous, memberOf, patient, specApp, support, withoutFactor, type SpecApp } from '../spec-app.js';
import { forgetRevocations } from './forget-revocations.js';

const realNow = new Date('2026-11-21T15:00:00.000Z');
const aMonthLater = '2026-12-21T15:00:00.000Z';
const fields = '... on RevokedSession { id account sessionId issuedBefore endsAt }';

describe('a session', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  const logOut = (input: object, viewer = patient) =>
    app.mutate('endMySession', input, { viewer, realNow }, fields);
  const revoke = (input: object, viewer = support) =>
    app.mutate('revokeSessions', input, { viewer, realNow }, fields);

  it('is ended by whoever is logged in, without a second factor, for good and for that session alone', async () => {
    const viewer = withoutFactor({ ...patient, account: 'pat', sid: 's1' });
    const { id = '', ...ended } = await logOut({}, viewer);
    expect(ended).toEqual({
      __typename: 'RevokedSession',
      account: 'pat',
      sessionId: 's1',
      issuedBefore: aMonthLater,
      endsAt: aMonthLater,
    });
    const told = { revocationId: id, account: 'pat', sessionId: 's1' };
    expect(await app.events(id)).toEqual([{ ...told, issuedBefore: aMonthLater, endsAt: aMonthLater }]);
    expect(await app.trail(id)).toEqual([
      ['session_revoked', 'patient', 'pat', { account: 'pat', sessionId: 's1' }],
    ]);
    // Who logs out twice, or in two windows, has logged out.
    const again = await Promise.all([logOut({}, viewer), logOut({}, viewer)]);
    expect(again.map((each) => each.id)).toEqual([id, id]);
    expect(await app.events(id)).toHaveLength(1);
  });

  it('is ended with all others of the account that exist by then, and with none that comes after', async () => {
    const viewer = { ...patient, account: 'quinn', sid: null };
    expect(await logOut({ everywhere: true }, viewer)).toMatchObject({
      account: 'quinn',
      sessionId: null,
      issuedBefore: realNow.toISOString(),
      endsAt: aMonthLater,
    });
    expect(await logOut({}, viewer)).toMatchObject({ code: 'SESSION_UNKNOWN' });
  });

  it('of somebody else is ended by support alone, with a second factor', async () => {
    expect(await revoke({ account: 'rue', sessionId: 's1' })).toMatchObject({
      account: 'rue',
      sessionId: 's1',
    });
    expect(await revoke({ account: 'rue', sessionId: 's1' })).toMatchObject({ code: 'SESSION_REVOKED' });
    expect(await revoke({ account: 'rue' })).toMatchObject({ account: 'rue', sessionId: null });
    for (const viewer of [patient, memberOf(await app.practice(), 'admin')])
      await expect(revoke({ account: 'rue' }, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(revoke({ account: 'rue' }, withoutFactor(support))).rejects.toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
    await expect(logOut({}, anonymous)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('that no token can belong to any more is forgotten', async () => {
    await logOut({}, { ...patient, account: 'sam', sid: 's1' });
    const kept = () => app.rows(`select 1 from revoked_session where account = 'sam'`);
    await forgetRevocations(app.deps().em, new Date(Date.parse(aMonthLater) - 1));
    expect(await kept()).toHaveLength(1);
    await forgetRevocations(app.deps().em, new Date(aMonthLater));
    expect(await kept()).toEqual([]);
  });
});
