// Trusted documents of a running gateway: planned before it serves, and again whenever they change.
import type { Closing, Logger } from '@caregraph/runtime';
import type { GraphExecutor } from '../graph/executor.js';
import { followManifests } from './follow-manifests.js';
import { planAhead } from './plan-ahead.js';
import type { TrustedDocuments } from './trusted-documents.js';

interface Keeping {
  readonly log: Logger;
  readonly closing: Closing;
  readonly followEveryMs?: number;
}

/** Resolves once the present ones are planned. A new supergraph plans them itself: see graph/follow-file.ts. */
export async function keepPlanned(
  trusted: TrustedDocuments,
  executor: GraphExecutor,
  { log, closing, followEveryMs: everyMs }: Keeping,
): Promise<void> {
  await planAhead(executor.graph, trusted.operations, log);
  const following = followManifests(trusted, {
    log,
    ...(everyMs === undefined ? {} : { everyMs }),
    plan: (operations) => planAhead(executor.graph, operations, log),
  });
  closing.add('trusted documents', () => following.stop());
}
