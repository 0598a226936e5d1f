import { Refusal } from '@caregraph/contracts';
import { keyHash, keyHint, newKeyText } from './key-text.js';
import { PartnerKey } from './partner-key.js';

const now = new Date('2026-06-07T12:00:00Z');

const key = (changes: Partial<PartnerKey> = {}): PartnerKey =>
  Object.assign(new PartnerKey(), {
    id: '5f0c1f5e-52a4-4c6b-9a4e-1b8f7b0f6a03',
    practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
    name: 'Intake forms',
    scopes: ['appointments:read'],
    hash: keyHash('cg_a'),
    ...changes,
  });

describe("a partner's key", () => {
  it.each([
    ['ACTIVE', 'REVOKED'],
    ['REVOKED', 'PARTNER_KEY_REVOKED'],
  ] as const)('that is %s and is revoked becomes or answers %s', (status, expected) => {
    const one = key({ status });
    const outcome = one.revoke(now);
    expect(outcome instanceof Refusal ? outcome.code : one.status).toBe(expected);
    expect(one.counts(now)).toBe(false);
  });

  it('counts until the instant at which it expires', () => {
    expect(key().counts(now)).toBe(true);
    expect(key({ expiresAt: new Date(now.getTime() + 1) }).counts(now)).toBe(true);
    expect(key({ expiresAt: now }).counts(now)).toBe(false);
  });

  it('is 256 random bits behind a prefix, known by a hash of all of it', () => {
    const texts = Array.from({ length: 50 }, newKeyText);
    expect(new Set(texts).size).toBe(50);
    for (const text of texts) {
      expect(text).toMatch(/^cg_[\w-]{43}$/);
      expect(keyHash(text)).toMatch(/^[\w-]{43}$/);
      expect(text.endsWith(keyHint(text))).toBe(true);
    }
  });
});
