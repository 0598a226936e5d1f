// `/healthz` says that the process lives, `/readyz` that it can work, `/metrics` what it does (Prometheus text), and
// `/health` how the app's work stands, for people: never a probe, because a restart mends none of what it tells.
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { healthReport, type HealthChecks } from './health-report.js';
import { inTime } from './in-time.js';

export interface Probes {
  /** Each named check throws, rejects or takes longer than two seconds when the app cannot work. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** True while closing: new work is sent elsewhere. */
  closing(): boolean;
  readonly metrics: Registry;
  /** What `/health` tells beside the checks, which are unhealthy when they fail; figures and names only (GW-027). */
  readonly health?: () => Promise<HealthChecks>;
}

/** A registry with the process's own figures. Labels never carry personal data. */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Adds the four routes. They stand outside the viewer check, so they tell nothing but names of checks. */
export function addProbes(server: FastifyInstance, probes: Probes): void {
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const entries = Object.entries(probes.checks);
    const results = await Promise.allSettled(entries.map(([, check]) => inTime(check)));
    const failing = entries.flatMap(([name], index) => (results[index]?.status === 'rejected' ? [name] : []));
    if (probes.closing()) failing.push('closing');
    return reply
      .code(failing.length > 0 ? 503 : 200)
      .send({ status: failing.length > 0 ? 'unavailable' : 'ready', failing });
  });
  server.get('/health', async (_request, reply) => {
    const report = await healthReport(probes);
    return reply.code(report.status === 'unhealthy' ? 503 : 200).send(report);
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(probes.metrics.contentType).send(await probes.metrics.metrics()),
  );
}
