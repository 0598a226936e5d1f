import { SlotHold } from './hold.js';
import { hashOf, holds, holdToken, tokenOf } from './hold-token.js';

const [old, current] = [
  { kid: 'a', secret: 'one-secret-of-at-least-32-characters-long' },
  { kid: 'b', secret: 'another-secret-of-32-characters-or-more' },
];
const held = (): SlotHold => {
  const hold = new SlotHold();
  hold.id = '3f1d9a5e-0d5a-4a0c-9a51-0b0c5d1f6a11';
  hold.account = null;
  hold.tokenHash = hashOf(holdToken(hold.id, [old]));
  return hold;
};

describe('the token of a hold', () => {
  it('is the same when it is asked for again after the keys have changed', () => {
    const hold = held();
    expect(tokenOf(hold, [current, old])).toBe(holdToken(hold.id, [old]));
    expect(tokenOf(hold, [current, old])).not.toBe(holdToken(hold.id, [current]));
  });

  it('still proves the hold when its key has gone, though nobody can be told it any more', () => {
    const hold = held();
    const viewer = { account: null, memberships: [] as unknown } as Parameters<typeof holds>[0];
    expect(tokenOf(hold, [current])).toBeNull();
    expect(holds(viewer, hold, holdToken(hold.id, [old]))).toBe(true);
    expect(holds(viewer, hold, holdToken(hold.id, [current]))).toBe(false);
  });
});
