// How the whole stands (GW-027): each app's own `/health`, asked from here. Only the words go out, not the figures: the
// gateway is open to the world, and how many requests wait or how much is held is nobody's business there.
import { z } from 'zod';
import type { HealthCheck, HealthChecks } from '@caregraph/runtime';
import type { Subgraph } from './subgraph-client.js';

type Asked = Pick<Subgraph, 'name' | 'pool'>;

const report = z.object({ status: z.enum(['healthy', 'degraded', 'unhealthy']) });

/** One entry per subgraph; one that does not answer is unhealthy. Asks at most every two seconds, whoever asks us. */
export function healthOfAll(subgraphs: readonly Asked[]): () => Promise<HealthChecks> {
  let asked: { readonly at: number; readonly answer: Promise<HealthChecks> } | undefined;
  return () => {
    const at = performance.now();
    if (!asked || at - asked.at > 2_000) {
      const answers = subgraphs.map(async (one) => [one.name, await healthOf(one)] as const);
      asked = { at, answer: Promise.all(answers).then((entries) => Object.fromEntries(entries)) };
    }
    return asked.answer;
  };
}

async function healthOf({ pool }: Asked): Promise<HealthCheck> {
  try {
    const signal = AbortSignal.timeout(1_800);
    const response = await pool.request({ method: 'GET', path: '/health', signal });
    return { status: report.parse(await response.body.json()).status };
  } catch {
    return { status: 'unhealthy' };
  }
}
