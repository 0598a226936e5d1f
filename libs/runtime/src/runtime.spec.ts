import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { commonConfig, createLogger, createSealer, keyRing, readConfig, vendorOverride } from './index.js';
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

  it('never sends a live key to another address', () => {
    const live = {
      ...good,
      STRIPE_API_BASE: 'http://127.0.0.1:1',
      STRIPE_SECRET_KEY: 'sk_live_1',
      ALLOW_SANDBOX: '1',
    };
    expect(() => readConfig(schema, live)).toThrow('a live key');
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
    const changed = `${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`;
    expect(() => ring.open(changed.slice(0, -2), 'c')).toThrow();
  });
});

describe('the log', () => {
  it('drops what is not on the list, and whole objects', () => {
    const lines: string[] = [];
    const log = createLogger('spec', 'info', { write: (line) => lines.push(line) });
    const vendorError = Object.assign(new Error('refused'), {
      code: 'card_declined',
      raw: { email: 'canary@example.org' },
    });
    log.info(
      { appointmentId: 'a1', email: 'canary@example.org', code: { phone: '+1207canary' }, err: vendorError },
      'told',
    );
    expect(lines.join()).not.toContain('canary');
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      app: 'spec',
      level: 'info',
      appointmentId: 'a1',
      msg: 'told',
      err: { message: 'refused', code: 'card_declined' },
    });
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
