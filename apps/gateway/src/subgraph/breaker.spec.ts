import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperationTypeNode } from 'graphql';
import { Registry } from 'prom-client';
import { Pool } from 'undici';
import { createLogger, systemViewer } from '@caregraph/runtime';
import { eventually } from '@caregraph/testing';
import { gatewayMetrics } from '../operation/metrics.js';
import { deadlineFromNow } from '../operation/operation-rules.js';
import { unavailableAnswer } from './answer.js';
import { SubgraphClient } from './subgraph-client.js';

describe('a subgraph that fails again and again', () => {
  let server: Server;
  let pool: Pool;
  let client: SubgraphClient;
  let asked = 0;
  let answer: (response: ServerResponse) => unknown;
  const registry = new Registry();
  const metrics = gatewayMetrics(registry);
  const works = (response: ServerResponse): unknown => response.end('{"data":{"id":"1"}}');
  const never = (): unknown => undefined;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    pool = new Pool(url.origin);
    client = new SubgraphClient(
      { name: 'booking', url, pool, keys: undefined },
      {
        log: createLogger('gateway', 'silent'),
        metrics,
        timeoutMs: 150,
        breaker: { failures: 3, probeAfterMs: 400 },
      },
    );
    asked = 0;
  });
  afterEach(() => pool.destroy());
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const call = (kind = OperationTypeNode.MUTATION): Promise<unknown> =>
    client.call(
      { subgraph: 'booking', kind, body: '{"query":"mutation { id }"}' },
      { viewer: systemViewer, deadline: deadlineFromNow() },
    );
  const isOpen = async (): Promise<boolean> =>
    (await registry.metrics()).includes('breaker_open{subgraph="booking"} 1');

  it('is not asked any more, neither for queries nor for mutations, until a probe gets through', async () => {
    answer = never;
    await call();
    await call(OperationTypeNode.QUERY);
    await call();
    expect(asked).toBe(3);
    expect(await isOpen()).toBe(true);
    answer = works;
    expect(await call()).toEqual(unavailableAnswer());
    expect(await call(OperationTypeNode.QUERY)).toEqual(unavailableAnswer());
    expect(asked).toBe(3);
    await eventually('the probe', async () =>
      JSON.stringify(await call()) === '{"data":{"id":"1"}}' ? true : undefined,
    );
    expect(await isOpen()).toBe(false);
  });

  it('is left alone for another while when the probe fails too', async () => {
    answer = (response) => response.destroy();
    for (let turn = 0; turn < 3; turn += 1) await call();
    expect(asked).toBe(3);
    await eventually('the probe', async () => {
      await call();
      return asked === 4 || undefined;
    });
    await call();
    expect(asked).toBe(4);
    expect(await isOpen()).toBe(true);
  });

  it('is asked on as long as it answers anything, and failures are not in a row', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      answer = never;
      await call();
      answer = (response) => response.writeHead(503).end('{"errors":[{"message":"full"}]}');
      await call();
    }
    expect(asked).toBe(8);
    expect(await isOpen()).toBe(false);
  });
});
