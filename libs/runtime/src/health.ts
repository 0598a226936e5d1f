// `/healthz` says that the process lives, `/readyz` that it can work, `/metrics` what it does (Prometheus text).
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';

export interface Probes {
  /** Each named check throws, rejects or takes longer than two seconds when the app cannot work. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** True while closing: new work is sent elsewhere. */
  closing(): boolean;
  readonly metrics: Registry;
}

/** Kubernetes gives a probe up without knowing which check it was; so we do before. In milliseconds. */
const checkPatience = 2_000;

/** A registry with the process's own figures. Labels never carry personal data. */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Adds the three routes. They stand outside the viewer check, so they tell nothing but names of checks. */
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
  server.get('/metrics', async (_request, reply) =>
    reply.type(probes.metrics.contentType).send(await probes.metrics.metrics()),
  );
}

async function inTime(check: () => Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const tooLong = pause(checkPatience, undefined, { signal: patience.signal, ref: false }).then(() => {
    throw new Error('The check takes too long.');
  });
  try {
    await Promise.race([check(), tooLong]);
  } finally {
    tooLong.catch(() => undefined);
    patience.abort();
  }
}
