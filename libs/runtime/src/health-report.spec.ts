import fastify from 'fastify';
import { addProbes, below, createMetrics, healthReport, type HealthChecks } from './index.js';

const works = (): Promise<void> => Promise.resolve();
const breaks = (): Promise<never> => Promise.reject(new Error('canary'));
const found = (checks: HealthChecks) => () => Promise.resolve(checks);

async function answer(health: () => Promise<HealthChecks>): Promise<{ status: number; body: unknown }> {
  const server = fastify();
  addProbes(server, {
    checks: { database: works },
    closing: () => false,
    metrics: createMetrics('spec'),
    health,
  });
  const { statusCode, body } = await server.inject('/health');
  await server.close();
  return { status: statusCode, body: JSON.parse(body) };
}

describe('the health report', () => {
  it('is healthy below a limit and not at it', () => {
    expect(below(100, 99)).toEqual({ status: 'healthy', value: 99, limit: 100 });
    expect(below(100, 100)).toEqual({ status: 'degraded', value: 100, limit: 100 });
    expect(below(10, 10, 'unhealthy')).toEqual({ status: 'unhealthy', value: 10, limit: 10 });
  });

  it('is as bad as its worst check', async () => {
    const both = found({ few: below(2, 1), many: below(2, 3) });
    expect(await healthReport({ checks: { database: works }, health: both })).toMatchObject({
      status: 'degraded',
      checks: { database: { status: 'healthy' }, few: { status: 'healthy' }, many: { status: 'degraded' } },
    });
    expect(await healthReport({ checks: { database: breaks }, health: both })).toMatchObject({
      status: 'unhealthy',
    });
  });

  it('is unhealthy when its figures cannot be read, and says nothing of why', async () => {
    const report = await healthReport({ checks: { database: works }, health: breaks });
    expect(report.status).toBe('unhealthy');
    expect(JSON.stringify(report)).not.toContain('canary');
  });

  it('is 503 when unhealthy, 200 when degraded or healthy (GW-027)', async () => {
    expect(await answer(found({ one: below(1, 0) }))).toMatchObject({
      status: 200,
      body: { status: 'healthy' },
    });
    expect(await answer(found({ one: below(1, 1) }))).toMatchObject({
      status: 200,
      body: { status: 'degraded' },
    });
    expect(await answer(found({ one: below(1, 1, 'unhealthy') }))).toMatchObject({
      status: 503,
      body: { status: 'unhealthy' },
    });
  });
});
