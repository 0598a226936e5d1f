import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { defaultDrainMs } from '@caregraph/runtime';
import { subgraphPool } from './pool.js';

describe('a connection to a subgraph', () => {
  it('that rests is given up sooner than a subgraph that closes gives it up, whatever the subgraph offers', async () => {
    const server = http.createServer((_request, response) => response.end('{}'));
    // As fastify has it: 72 s are offered in each answer.
    server.keepAliveTimeout = 72_000;
    server.listen(0, '127.0.0.1');
    const [[socket]] = (await Promise.all([once(server, 'connection'), asked(server)])) as [[Socket], number];
    const began = performance.now();
    await once(socket, 'close');
    expect(performance.now() - began).toBeLessThan(defaultDrainMs);
    server.close();
  });
});

/** Resolves when one question is answered. */
async function asked(server: http.Server): Promise<number> {
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = subgraphPool(new URL(`http://127.0.0.1:${port}/graphql`));
  const { body, statusCode } = await pool.request({ method: 'POST', path: '/graphql', body: '{}' });
  await body.dump();
  return statusCode;
}
