import { Refusal } from '@caregraph/contracts';
import { lifecycle, membershipStatuses } from './lifecycle.js';
import { Membership } from './membership.js';

const now = new Date('2026-06-07T12:00:00Z');

const membership = (status: Membership['status']): Membership =>
  Object.assign(new Membership(), {
    id: '5f0c1f5e-52a4-4c6b-9a4e-1b8f7b0f6a01',
    account: 'ann',
    practiceId: null,
    role: 'support',
    status,
  });

describe('a membership', () => {
  it.each([
    ['ACTIVE', 'ENDED'],
    ['ENDED', 'MEMBERSHIP_ENDED'],
  ] as const)('that is %s and is ended becomes or answers %s', (status, expected) => {
    const one = membership(status);
    const outcome = one.end('admin', now);
    expect(outcome instanceof Refusal ? outcome.code : one.status).toBe(expected);
    expect(one.version).toBe(outcome instanceof Refusal ? 1 : 2);
  });

  it.each([
    ['ACTIVE', 'ACCOUNT_HAS_MEMBERSHIPS', 'ann'],
    ['ENDED', 'ENDED', 'erased:1'],
  ] as const)('that is %s and is erased becomes or answers %s', (status, expected, account) => {
    const one = membership(status);
    const outcome = one.erase('erased:1');
    expect(outcome instanceof Refusal ? outcome.code : one.status).toBe(expected);
    expect(one.account).toBe(account);
  });

  it('that has ended does not come back', () => {
    expect(Object.values(lifecycle).map(({ to }) => to)).not.toContain('ACTIVE');
    expect(membershipStatuses).toEqual(['ACTIVE', 'ENDED']);
  });
});
