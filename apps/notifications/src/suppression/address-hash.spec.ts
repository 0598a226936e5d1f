import { addressHasher } from './address-hash.js';

const older = { kid: 'a', secret: Buffer.alloc(32, 1).toString('base64') };
const newer = { kid: 'b', secret: Buffer.alloc(32, 2).toString('base64') };

describe('the hash of an address', () => {
  it('tells the same address, however it is written, and shows nothing of it', () => {
    const hash = addressHasher([older]);
    expect(hash.of('Pat.Lee@Example.test ')).toBe(hash.of('pat.lee@example.test'));
    expect(hash.of('pat.lee@example.test')).not.toBe(hash.of('sam@example.test'));
    expect(hash.of('pat.lee@example.test')).not.toMatch(/pat|lee|example/i);
  });

  it('is found again after the key was changed, and not without the key', () => {
    const stored = addressHasher([older]).of('pat@example.test');
    expect(addressHasher([newer, older]).all('pat@example.test')).toContain(stored);
    expect(addressHasher([newer]).all('pat@example.test')).not.toContain(stored);
    expect(() => addressHasher([]).of('pat@example.test')).toThrow('no key');
  });
});
