import { BlockList } from 'node:net';
import { clientAddress } from './client-address.js';

const proxies = new BlockList();
proxies.addSubnet('10.0.0.0', 8, 'ipv4');

const from = (remoteAddress: string, forwarded?: string): Parameters<typeof clientAddress>[0] =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as never;

describe("the caller's address", () => {
  it('what a stranger writes into X-Forwarded-For is not believed', () => {
    expect(clientAddress(from('203.0.113.7', '198.51.100.1'), proxies)).toBe('203.0.113.7');
  });

  it('behind a trusted proxy it is what the proxy saw, not what the client claims', () => {
    expect(clientAddress(from('10.0.0.1', '198.51.100.1, 203.0.113.7'), proxies)).toBe('203.0.113.7');
  });

  it('behind two trusted proxies it is what the outer one saw', () => {
    expect(clientAddress(from('10.0.0.1', '203.0.113.7, 10.0.0.2'), proxies)).toBe('203.0.113.7');
  });

  it('IPv4 over a dual-stack socket is written as IPv4', () => {
    expect(clientAddress(from('::ffff:203.0.113.7'), proxies)).toBe('203.0.113.7');
  });

  it('a proxy that says nothing useful is itself the caller', () => {
    expect(clientAddress(from('10.0.0.1', 'unknown'), proxies)).toBe('10.0.0.1');
  });
});
