import fastify, { type FastifyInstance } from 'fastify';
import { Counter } from 'prom-client';
import { addProbes, createMetrics, type Probes } from './index.js';

const servers: FastifyInstance[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

const works = (): Promise<void> => Promise.resolve();

async function probed(
  over: Partial<Probes>,
): Promise<(path: string) => Promise<{ status: number; body: string }>> {
  const server = fastify();
  servers.push(server);
  addProbes(server, { checks: {}, closing: () => false, metrics: createMetrics('spec'), ...over });
  await server.ready();
  return async (path) => {
    const { statusCode, body } = await server.inject(path);
    return { status: statusCode, body };
  };
}

describe('the probes', () => {
  it('say that the process lives, whatever its database does', async () => {
    const get = await probed({ checks: { database: () => Promise.reject(new Error('down')) } });
    expect(await get('/healthz')).toEqual({ status: 200, body: '{"status":"ok"}' });
  });

  it('say ready when each check passes', async () => {
    const get = await probed({ checks: { database: works, log: works } });
    expect(await get('/readyz')).toEqual({ status: 200, body: '{"status":"ready","failing":[]}' });
  });

  it('name the checks that reject or throw, and not what was thrown', async () => {
    const get = await probed({
      checks: {
        rejects: () => Promise.reject(new Error('canary')),
        throws: () => {
          throw new Error('canary');
        },
        works,
      },
    });
    const { status, body } = await get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({ status: 'unavailable', failing: ['rejects', 'throws'] });
  });

  it('do not wait longer than two seconds for a check', async () => {
    const get = await probed({ checks: { hangs: () => new Promise(() => undefined) } });
    const started = performance.now();
    expect(await get('/readyz')).toMatchObject({ status: 503 });
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('turn readiness off while the process closes', async () => {
    const get = await probed({ checks: { works }, closing: () => true });
    expect(await get('/readyz')).toEqual({
      status: 503,
      body: '{"status":"unavailable","failing":["closing"]}',
    });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('give figures as Prometheus reads them, under the name of the app', async () => {
    const metrics = createMetrics('spec');
    new Counter({ name: 'things_total', help: 'Things.', registers: [metrics] }).inc(3);
    const get = await probed({ metrics });
    expect((await get('/metrics')).body).toContain('things_total{app="spec"} 3');
  });
});
