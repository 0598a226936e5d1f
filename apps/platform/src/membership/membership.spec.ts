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

  it('that has ended does not come back', () => {
    expect(Object.values(lifecycle).flatMap(({ from }) => [...from])).not.toContain('ENDED');
    expect(membershipStatuses).toEqual(['ACTIVE', 'ENDED']);
  });
});
