// Whether this replica reaches any subgraph. One that is down takes only its own fields with it, so it does not make
// the gateway unready; none at all means that this replica is cut off, and others should get its callers.
import type { Subgraph } from './subgraph-client.js';

/** Rejects when no subgraph answers its `/healthz` within a second. Asks at most every two seconds. */
export function anyReachable(subgraphs: readonly Pick<Subgraph, 'pool'>[]): () => Promise<void> {
  let asked: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return () => {
    const at = performance.now();
    // The probe is open to the world; without the memo each call would be as many as there are subgraphs.
    if (!asked || at - asked.at > 2_000) {
      const answer = Promise.any(subgraphs.map(({ pool }) => alive(pool))).then(() => undefined);
      asked = { at, answer };
    }
    return asked.answer;
  };
}

async function alive(pool: Subgraph['pool']): Promise<void> {
  const response = await pool.request({
    method: 'GET',
    path: '/healthz',
    signal: AbortSignal.timeout(1_000),
  });
  await response.body.dump();
  if (response.statusCode !== 200) throw new Error(`The subgraph answered ${response.statusCode}.`);
}
