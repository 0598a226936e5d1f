// Whether something that a sealing key has sealed is still about: on its way in an event, or in a row.
import type { KeyRing } from './key-ring.js';
import type { Sample } from './metrics.js';

/** The topics whose events carry sealed data, and the app that keeps copies of it. */
const sealedTopics = ['booking.patient', 'scheduling.provider', 'scheduling.practice'];
const copier = 'notifications';

const valuesOf = (
  samples: readonly Sample[],
  name: string,
  matches: (labels: Sample['labels']) => boolean = () => true,
): number[] =>
  samples.filter((sample) => sample.name === name && matches(sample.labels)).map(({ value }) => value);

/**
 * Undefined when the keys are needed no more. First the ways, then the rows: what was on its way would be a row by now.
 * A figure that is not told counts as a reason.
 */
export async function stillNeeded(
  ring: KeyRing,
  kids: readonly string[],
  promotedAt: number,
): Promise<string | undefined> {
  for (const app of ring.definition.sealedIn ?? []) {
    const reason = onTheWay(app, await ring.samples(app), (Date.now() - promotedAt) / 1_000);
    if (reason !== undefined) return reason;
  }
  for (const app of ring.definition.sealedIn ?? []) {
    const samples = await ring.samples(app);
    for (const kid of kids) {
      const rows = valuesOf(samples, 'caregraph_sealed_rows_outdated', (labels) => labels.kid === kid);
      const count = rows.reduce((sum, value) => sum + value, 0);
      if (rows.length === 0) return `${app} does not tell how much ${kid} has sealed`;
      if (count > 0) return `${app} has ${count} values that ${kid} has sealed; its job seals them anew`;
    }
  }
  return undefined;
}

function onTheWay(app: string, samples: readonly Sample[], sincePromoted: number): string | undefined {
  const [oldest] = valuesOf(samples, 'caregraph_outbox_oldest_age_seconds');
  if (oldest === undefined || oldest >= sincePromoted)
    return `${app} has events to publish that are older than the new key, or does not tell`;
  if (app !== copier) return undefined;
  for (const topic of sealedTopics) {
    const [lag] = valuesOf(samples, 'caregraph_consumer_lag', (labels) => labels.topic === topic);
    if (lag !== 0) return `${app} has not worked off all of ${topic}, or does not tell`;
  }
  const [dead] = valuesOf(samples, 'caregraph_dead_letters');
  return dead === 0
    ? undefined
    : `${app} has dead letters, which may carry what the older key has sealed: decide about them first`;
}
