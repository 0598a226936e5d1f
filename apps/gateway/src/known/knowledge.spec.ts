import { createLogger, type Membership } from '@caregraph/runtime';
import { KnownRows, told } from '../testing/known-rows.js';
import { until } from '../testing/live-clients.js';
import { Knowledge, type KnowledgeLimits } from './knowledge.js';
import { hashOfKey } from './partner-key.js';

const staff: Membership = { practiceId: 'p1', role: 'staff' };
const admin: Membership = { practiceId: 'p1', role: 'admin' };
const unavailable = { extensions: { code: 'UNAVAILABLE' } };
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const seconds = (): number => Math.floor(Date.now() / 1_000);

describe('what a replica knows of callers', () => {
  let rows: KnownRows;
  const open: Knowledge[] = [];
  const know = async (limits: Partial<KnowledgeLimits> = {}): Promise<Knowledge> => {
    const known = new Knowledge({ source: rows, log: createLogger('gateway', 'silent'), limits });
    open.push(known);
    await known.refresh();
    return known;
  };
  beforeEach(() => {
    rows = new KnownRows();
    rows.members.set('pat', [staff]);
  });
  afterEach(() => {
    for (const known of open.splice(0)) known.stop();
  });

  describe('memberships', () => {
    it('are read once for all who ask at the same time, and then told at once', async () => {
      const known = await know();
      expect(await Promise.all([1, 2, 3].map(async () => known.membershipsOf('pat')))).toEqual([[staff], [staff], [staff]]);
      expect(known.membershipsOf('pat')).toEqual([staff]);
      expect(rows.readings).toEqual([1]);
    }); // prettier-ignore

    it('of several accounts that come together are one reading', async () => {
      const known = await know();
      await Promise.all(['pat', 'sam', 'kim'].map(async (account) => known.membershipsOf(account)));
      expect(rows.readings).toEqual([3]);
    });

    it('are read anew after a notice', async () => {
      const known = await know();
      await known.membershipsOf('pat');
      rows.members.delete('pat');
      known.hear(told({ kind: 'memberships', account: 'pat' }));
      expect(await known.membershipsOf('pat')).toEqual([]);
    });

    it('that were read before a notice and arrive after it are not kept', async () => {
      const known = await know();
      let answer = (): void => undefined;
      rows.meanwhile = () => new Promise((resolve) => (answer = resolve));
      const early = known.membershipsOf('pat');
      await until(() => rows.readings.length === 1);
      rows.meanwhile = undefined;
      rows.members.set('pat', [admin]);
      known.hear(told({ kind: 'memberships', account: 'pat' }));
      const late = known.membershipsOf('pat');
      answer();
      expect(await early).toEqual([staff]);
      expect(await late).toEqual([admin]);
      expect(known.membershipsOf('pat')).toEqual([admin]);
    });

    it('count no longer than their time where a notice was lost (check 24)', async () => {
      const known = await know({ freshFor: 20 });
      await known.membershipsOf('pat');
      rows.members.delete('pat');
      await until(() => known.membershipsOf('pat') instanceof Promise);
      expect(await known.membershipsOf('pat')).toEqual([]);
    });

    it('are read anew once notices are heard again', async () => {
      const known = await know();
      await known.membershipsOf('pat');
      rows.members.set('pat', [admin]);
      known.listens();
      expect(await known.membershipsOf('pat')).toEqual([admin]);
    });

    it('go on being used while the database is away, but not after a notice that they changed', async () => {
      const known = await know({ freshFor: 20 });
      await known.membershipsOf('pat');
      rows.isAway = true;
      await until(() => known.membershipsOf('pat') instanceof Promise);
      expect(await known.membershipsOf('pat')).toEqual([staff]);
      await expect(known.membershipsOf('sam')).rejects.toMatchObject(unavailable);
      known.hear(told({ kind: 'memberships', account: 'pat' }));
      await expect(known.membershipsOf('pat')).rejects.toMatchObject(unavailable);
    });

    it('are not used any more when the database is away for too long', async () => {
      const known = await know({ freshFor: 5, usableFor: 40 });
      await known.membershipsOf('pat');
      rows.isAway = true;
      await until(() => known.ageSeconds > 0.05);
      expect(() => known.isRevoked({ account: 'pat', sid: null, issuedAt: 0 })).toThrow(/not known/);
    });

    it('of no more accounts than are wanted are kept, those used last', async () => {
      const known = await know({ accounts: 4 });
      for (const account of ['pat', 'a', 'b', 'c', 'd', 'e']) await known.membershipsOf(account);
      expect(known.membershipsOf('e')).toEqual([]);
      expect(known.membershipsOf('pat')).toBeInstanceOf(Promise);
    });
  });

  describe('revocations', () => {
    const token = (changes = {}) => ({ account: 'pat', sid: 's1', issuedAt: seconds() - 60, ...changes });

    it('of a session mean its tokens and no other', async () => {
      rows.revoked = [{ account: 'pat', sessionId: 's1', issuedBefore: new Date(), endsAt: inAnHour() }];
      const known = await know();
      expect(known.isRevoked(token())).toBe(true);
      expect(known.isRevoked(token({ sid: 's2' }))).toBe(false);
      expect(known.isRevoked(token({ sid: null }))).toBe(false);
      expect(known.isRevoked(token({ account: 'sam' }))).toBe(false);
    });

    it('of an account mean all that were issued before, and none that come after', async () => {
      const known = await know();
      known.hear(told({ kind: 'revoked', account: 'pat', sessionId: null, issuedBefore: new Date(), endsAt: inAnHour() })); // prettier-ignore
      expect(known.isRevoked(token({ sid: null }))).toBe(true);
      expect(known.isRevoked(token({ issuedAt: seconds() + 1 }))).toBe(false);
    });

    it('of which the notice was lost are found by reading', async () => {
      const known = await know({ freshFor: 20 });
      expect(known.isRevoked(token())).toBe(false);
      rows.revoked = [{ account: 'pat', sessionId: 's1', issuedBefore: new Date(), endsAt: inAnHour() }];
      await until(() => known.isRevoked(token()));
    });

    it('are forgotten when no such token can be alive', async () => {
      rows.revoked = [{ account: 'pat', sessionId: 's1', issuedBefore: new Date(), endsAt: new Date() }];
      const known = await know();
      expect(known.isRevoked(token())).toBe(false);
    });

    it('that were never read let nobody in with a token', async () => {
      rows.isAway = true;
      const known = await know();
      expect(() => known.isRevoked(token())).toThrow(/not known at present/);
    });
  });

  describe('partner keys', () => {
    const text = `cg_${'k'.repeat(43)}`;
    const key = {
      id: 'k1',
      practiceId: 'p1',
      scopes: ['read'],
      hash: hashOfKey(text) ?? '',
      expiresAt: null,
    };

    it('are known by their hash; guesses never reach the database', async () => {
      rows.keys = [key];
      const known = await know();
      expect(known.partnerKey(text)).toEqual(key);
      for (const guess of ['cg_', `cg_${'x'.repeat(43)}`, `cg_${'k'.repeat(9_000)}`])
        expect(known.partnerKey(guess)).toBeUndefined();
    });

    it('are refused once they have expired, or are gone', async () => {
      rows.keys = [{ ...key, expiresAt: new Date(Date.now() - 1) }];
      const known = await know();
      expect(known.partnerKey(text)).toBeUndefined();
      rows.keys = [key];
      known.hear(told({ kind: 'partner-keys' }));
      await until(() => known.partnerKey(text) !== undefined);
      rows.keys = [];
      known.hear(told({ kind: 'partner-keys' }));
      await until(() => known.partnerKey(text) === undefined);
    });
  });

  it('a field moves by its flag as soon as it is told, and not before anybody sets it', async () => {
    const known = await know();
    expect(known.isMoved('next')).toBe(false);
    rows.flagged = [{ flag: 'override.next', value: true }];
    known.hear(told({ kind: 'flags' }));
    await until(() => known.isMoved('next'));
  });

  it('what is told in words of another version is left to the next reading', async () => {
    const known = await know();
    for (const text of ['', '{', '{"kind":"unheard"}']) known.hear(text);
    expect(known.membershipsOf('pat')).toBeInstanceOf(Promise);
  });

  describe('who stays connected', () => {
    const heard = (known: Knowledge, memberships: readonly Membership[]): { count: number } => {
      const told = { count: 0 };
      known.follow('pat', { memberships, changed: () => (told.count += 1) });
      return told;
    };

    it('is told of a revocation and of other roles, and not of what concerns others', async () => {
      const known = await know();
      const told = heard(known, [staff]);
      known.hear(JSON.stringify({ kind: 'memberships', account: 'sam' }));
      known.hear(JSON.stringify({ kind: 'memberships', account: 'pat' }));
      await known.membershipsOf('pat');
      expect(told.count).toBe(0);
      rows.members.set('pat', [admin]);
      known.hear(JSON.stringify({ kind: 'memberships', account: 'pat' }));
      await until(() => told.count === 1);
      known.hear(JSON.stringify({ kind: 'revoked', account: 'pat', sessionId: 's1', issuedBefore: new Date(), endsAt: inAnHour() })); // prettier-ignore
      expect(told.count).toBe(2);
    });

    it('is told also where the notice was lost', async () => {
      const known = await know({ freshFor: 20 });
      const told = heard(known, [staff]);
      rows.members.delete('pat');
      await until(() => told.count > 0);
    });
  });
});
