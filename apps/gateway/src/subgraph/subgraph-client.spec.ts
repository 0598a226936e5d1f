import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperationTypeNode } from 'graphql';
import { Registry } from 'prom-client';
import { Pool } from 'undici';
import { createLogger, systemViewer } from '@caregraph/runtime';
import { gatewayMetrics } from '../operation/metrics.js';
import { deadlineFromNow } from '../operation/operation-rules.js';
import { unavailableAnswer } from './answer.js';
import { Presence } from './presence.js';
import { SubgraphClient } from './subgraph-client.js';

describe('a call to a subgraph', () => {
  let answer: (response: ServerResponse) => unknown;
  let server: Server;
  let pool: Pool;
  let client: SubgraphClient;
  const registry = new Registry();

  beforeAll(async () => {
    server = createServer((_request, response) => void answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    pool = new Pool(url.origin);
    client = new SubgraphClient(
      { name: 'booking', url, pool, keys: [{ kid: 'k1', secret: 'a-secret-of-at-least-32-characters' }] },
      { log: createLogger('gateway', 'silent'), metrics: gatewayMetrics(registry), timeoutMs: 1_000 },
    );
  });
  afterAll(async () => {
    await pool.destroy();
    server.close();
    server.closeAllConnections();
  });
  const call = (kind = OperationTypeNode.QUERY, left?: Presence): Promise<unknown> =>
    client.call(
      { subgraph: 'booking', kind, body: '{"query":"{ id }"}' },
      { viewer: systemViewer, deadline: deadlineFromNow(), ...(left ? { left } : {}) },
    );

  it('the answer comes back as it is, with its errors', async () => {
    const errors = [{ message: 'no', extensions: { code: 'FORBIDDEN' } }];
    answer = (response) => response.end(JSON.stringify({ data: { id: '1' }, errors }));
    await expect(call()).resolves.toEqual({ data: { id: '1' }, errors });
  });

  it('a refusal of the request by the subgraph comes back too, whatever the status', async () => {
    const errors = [{ message: 'no date', extensions: { code: 'BAD_USER_INPUT' } }];
    answer = (response) => response.writeHead(400).end(JSON.stringify({ errors }));
    await expect(call()).resolves.toEqual({ errors });
  });

  const failures: [string, (response: ServerResponse) => unknown][] = [
    ['never answers', () => undefined],
    ['stops in the middle', (response) => response.write('{"data":')],
    ['breaks the connection', (response) => response.destroy()],
    [
      'does not accept the viewer token',
      (response) => response.writeHead(401).end('{"errors":[{"message":"no"}]}'),
    ],
    ['answers with a page of a proxy', (response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['answers with JSON that is no result', (response) => response.end('[]')],
  ];
  it.each(failures)('a subgraph that %s counts as unavailable', async (_kind, failing) => {
    answer = failing;
    await expect(call()).resolves.toEqual(unavailableAnswer());
  });

  it('a query whose caller hangs up is given up at the subgraph too, and counts as no outage', async () => {
    const gone = new Presence();
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        response.once('close', resolve);
        gone.leave();
      };
    });
    await expect(call(OperationTypeNode.QUERY, gone)).rejects.toThrow('has left');
    await closed;
  });

  it('a mutation whose caller hangs up goes on to its end', async () => {
    const gone = new Presence();
    answer = (response) => {
      gone.leave();
      setImmediate(() => response.end('{"data":{"id":"1"}}'));
    };
    await expect(call(OperationTypeNode.MUTATION, gone)).resolves.toEqual({ data: { id: '1' } });
  });

  it('each call is measured by what came of it', async () => {
    const counts = await registry.metrics();
    expect(counts).toMatch(/subgraph_duration_seconds_count\{subgraph="booking",outcome="unavailable"\} 6/);
    expect(counts).toMatch(/subgraph_duration_seconds_count\{subgraph="booking",outcome="error"\} 2/);
  });
});
