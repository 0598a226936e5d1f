import { readSandboxConfig } from './config.js';

describe('the configuration of the sandbox', () => {
  it('is not for production, unless it is allowed there', () => {
    expect(() => readSandboxConfig({ NODE_ENV: 'production' })).toThrow(/unless ALLOW_SANDBOX=1/);
    expect(readSandboxConfig({ NODE_ENV: 'production', ALLOW_SANDBOX: '1' }).ALLOW_SANDBOX).toBe(true);
  });

  it('listens on loopback unless it is told otherwise', () => {
    expect(readSandboxConfig({}).HOST).toBe('127.0.0.1');
  });

  it('names everything that is wrong at once', () => {
    const read = () =>
      readSandboxConfig({ PORT: 'x', ISSUER_URL: 'http://127.0.0.1/elsewhere', STRIPE_WEBHOOK_URL: 'x' });
    expect(read).toThrow(/PORT[^]*ISSUER_URL: must end in \/identity[^]*STRIPE_WEBHOOK_URL/);
  });
});
