import { jest } from '@jest/globals';
import { TokenRejected, type AccessToken } from './access-token.js';
import { rememberingVerifier } from './remembered-tokens.js';

const now = Date.parse('2026-11-21T10:00:00Z');

const tokenUntil = (expiresAt: number): AccessToken => ({
  account: 'account-1',
  scopes: [],
  amr: [],
  authTime: null,
  sid: null,
  issuedAt: 0,
  expiresAt: new Date(expiresAt),
});

describe('a token that was verified', () => {
  let asked: string[];
  let expiresAt: number;
  const verify = rememberingVerifierOf(() => expiresAt);

  function rememberingVerifierOf(ends: () => number): (text: string) => Promise<AccessToken> {
    return rememberingVerifier((text) => {
      asked.push(text);
      if (text.startsWith('bad')) return Promise.reject(new TokenRejected('no'));
      return Promise.resolve(tokenUntil(ends()));
    });
  }

  beforeEach(() => {
    asked = [];
    expiresAt = now + 3_600_000;
    jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is not verified again for a minute, and then is', async () => {
    await verify('one');
    jest.setSystemTime(now + 59_999);
    await verify('one');
    expect(asked).toEqual(['one']);
    jest.setSystemTime(now + 60_000);
    await verify('one');
    expect(asked).toEqual(['one', 'one']);
  });

  it('is verified again from its end on, with the skew that its verifier allows', async () => {
    expiresAt = now - 10_000;
    await verify('ending');
    jest.setSystemTime(now + 19_999);
    await verify('ending');
    expect(asked).toEqual(['ending']);
    jest.setSystemTime(now + 20_000);
    await verify('ending');
    expect(asked).toHaveLength(2);
  });

  it('stands for nobody else’s, and one that is rejected is asked for each time', async () => {
    await verify('mine');
    await verify('another');
    await expect(verify('bad')).rejects.toThrow(TokenRejected);
    await expect(verify('bad')).rejects.toThrow(TokenRejected);
    expect(asked).toEqual(['mine', 'another', 'bad', 'bad']);
  });

  it('is forgotten for ten thousand others', async () => {
    await verify('first');
    for (let index = 0; index < 10_000; index += 1) await verify(`token ${index}`);
    asked = [];
    await verify('token 9999');
    await verify('first');
    expect(asked).toEqual(['first']);
  });
});
