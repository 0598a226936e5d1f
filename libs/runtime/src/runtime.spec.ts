import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { commonConfig, createSealer, keyRing, readConfig, vendorOverride } from './index.js';
import { bodyHash, hasRole, signViewer, systemViewer, viewerVerifier, type Viewer } from './viewer.js';

const secret = (): string => randomBytes(32).toString('base64');

describe('configuration', () => {
  const schema = commonConfig.extend({
    DATABASE_URL: z.url(),
    OFFER_KEYS: keyRing,
    STRIPE_API_BASE: vendorOverride,
  });
  const good = {
    NODE_ENV: 'development',
    DATABASE_URL: 'postgresql://a@b/c',
    OFFER_KEYS: `a:${'x'.repeat(32)}`,
  };

  it('tells all mistakes at once, by name', () => {
    const wrong = { ...good, PORT: 'eighty', DATABASE_URL: 'nowhere', OFFER_KEYS: 'a:short' };
    expect(() => readConfig(schema, wrong)).toThrow(/PORT[^]*DATABASE_URL[^]*OFFER_KEYS/);
  });

  it('refuses a vendor’s other address in production unless the sandbox is allowed', () => {
    const overridden = { ...good, STRIPE_API_BASE: 'http://127.0.0.1:1' };
    expect(readConfig(schema, overridden)).toMatchObject({ STRIPE_API_BASE: 'http://127.0.0.1:1' });
    expect(() => readConfig(schema, { ...overridden, NODE_ENV: 'production' })).toThrow(
      'refused in production',
    );
    expect(() => readConfig(schema, { ...overridden, NODE_ENV: undefined })).toThrow('refused in production');
    expect(
      readConfig(schema, { ...overridden, NODE_ENV: 'production', ALLOW_SANDBOX: '1' }).ALLOW_SANDBOX,
    ).toBe(true);
  });

  it.each(['sk_live_1', 'rk_live_1'])('never sends a live key to another address: %s', (key) => {
    const live = {
      ...good,
      STRIPE_API_BASE: 'http://127.0.0.1:1',
      STRIPE_SECRET_KEY: key,
      ALLOW_SANDBOX: '1',
    };
    expect(() => readConfig(schema, live)).toThrow('a live key');
  });

  it('tells what is refused together with what is wrong', () => {
    const both = { ...good, NODE_ENV: 'production', PORT: 'eighty', STRIPE_API_BASE: 'http://127.0.0.1:1' };
    expect(() => readConfig(schema, both)).toThrow(/PORT[^]*STRIPE_API_BASE: refused in production/);
  });

  it('does not take a ring in which two keys have one name', () => {
    const twice = `a:${'x'.repeat(32)},a:${'y'.repeat(32)}`;
    expect(() => readConfig(schema, { ...good, OFFER_KEYS: twice })).toThrow(
      'OFFER_KEYS: must not name a kid twice',
    );
  });

  it('does not repeat the values that it refuses', () => {
    const canary = { ...good, DATABASE_URL: 'canary', OFFER_KEYS: 'a:canary', PORT: 'canary' };
    let told = '';
    try {
      readConfig(schema, canary);
    } catch (error) {
      told = String(error);
    }
    expect(told).toMatch(/PORT[^]*DATABASE_URL[^]*OFFER_KEYS/);
    expect(told).not.toContain('canary');
  });
});

describe('sealing', () => {
  const [old, current] = [
    { kid: 'old', secret: secret() },
    { kid: 'new', secret: secret() },
  ];

  it('opens what an older key of the ring sealed, in its own context only', () => {
    const sealed = createSealer([old]).seal('pat@example.org', 'patient:1:contact');
    const ring = createSealer([current, old]);
    expect(ring.open(sealed, 'patient:1:contact')).toBe('pat@example.org');
    expect(() => ring.open(sealed, 'patient:2:contact')).toThrow();
    expect(() => createSealer([current]).open(sealed, 'patient:1:contact')).toThrow('no key');
    expect(ring.seal('x', 'c')).toMatch(/^sealed\.v1\.new\./);
  });

  it('does not open after a changed bit', () => {
    const ring = createSealer([current]);
    const sealed = ring.seal('pat@example.org', 'c');
    const at = sealed.length - 10;
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(ring.open(sealed, 'c')).toBe('pat@example.org');
    expect(() => ring.open(changed, 'c')).toThrow();
    expect(() => ring.open(sealed.slice(0, -2), 'c')).toThrow();
    expect(() => ring.open(sealed.replace('sealed.v1', 'sealed.v2'), 'c')).toThrow('no key');
  });
});

describe('the viewer token', () => {
  const keys = [{ kid: 'k1', secret: 'x'.repeat(32) }];
  const viewer: Viewer = { ...systemViewer, account: 'pat', memberships: [] };
  const body = '{"query":"{ a }"}';
  const sign = (over: object = {}): Promise<string> =>
    signViewer(viewer, { audience: 'booking', body, keys, ...over });

  it('names who asks, to one subgraph, for one body, once', async () => {
    const verify = viewerVerifier('booking', keys);
    const token = await sign();
    expect(await verify(token, body)).toEqual(viewer);
    await expect(verify(token, body)).rejects.toThrow('not known');
  });

  it.each([
    ['for another subgraph', () => sign({ audience: 'payments' }), body],
    ['for another body', () => sign(), '{"query":"{ b }"}'],
    ['by another key', () => sign({ keys: [{ kid: 'k1', secret: 'y'.repeat(32) }] }), body],
    ['by an unknown key', () => sign({ keys: [{ kid: 'k2', secret: 'x'.repeat(32) }] }), body],
    ['as nonsense', () => Promise.resolve('nonsense'), body],
    ['not at all', () => Promise.resolve(undefined), body],
  ])('is refused when signed %s', async (_how, token, sent) => {
    await expect(viewerVerifier('booking', keys)(await token(), sent)).rejects.toThrow(
      'The caller is not known.',
    );
  });

  it('binds the bytes of the body', () => {
    expect(bodyHash('a')).not.toBe(bodyHash('b'));
    expect(bodyHash(Buffer.from('a'))).toBe(bodyHash('a'));
  });

  it('tells roles by practice, and those that span all', () => {
    const staff: Viewer = { ...viewer, memberships: [{ practiceId: 'p1', role: 'staff' }] };
    expect(hasRole(staff, 'p1', 'staff', 'admin')).toBe(true);
    expect(hasRole(staff, 'p2', 'staff')).toBe(false);
    expect(hasRole(systemViewer, 'p2', 'system')).toBe(true);
  });
});
