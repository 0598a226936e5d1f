import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { eventually } from '@caregraph/testing';
import { choosePorts } from '../stack/ports.js';
import { Balancer } from './balancer.js';

/** A process that answers its name. */
async function endpoint(name: string): Promise<{ port: number; close: () => Promise<void> }> {
  const server = http.createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

describe('the balancer', () => {
  it('sends new connections to who is in, and leaves those that stand where they are', async () => {
    const [one, other] = await Promise.all([endpoint('one'), endpoint('other')]);
    const { front = 0 } = await choosePorts(['front']);
    const balancer = await Balancer.listen(front);
    const kept = new Agent({ connections: 1 });
    const ask = async (dispatcher = new Agent()): Promise<string> =>
      (await request(balancer.url, { dispatcher })).body.text();

    balancer.add(one.port);
    expect(await ask(kept)).toBe('one');
    balancer.add(other.port);
    balancer.remove(one.port);
    expect(await ask()).toBe('other');
    expect(await ask(kept)).toBe('one');
    await one.close();
    const next = await eventually('the broken connection is seen', () => ask(kept).catch(() => undefined));
    expect(next).toBe('other');

    await kept.close();
    await balancer.close();
    await other.close();
  });

  it('breaks a connection when nobody is in', async () => {
    const { front = 0 } = await choosePorts(['front']);
    const balancer = await Balancer.listen(front);
    await expect(request(balancer.url)).rejects.toThrow();
    await balancer.close();
  });
});
