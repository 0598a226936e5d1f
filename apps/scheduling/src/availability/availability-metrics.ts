// What is counted of searches for free time: how long they take, whether they fail, and how far away the next free time
// is (GW-028, GW-029).
import { GraphQLError } from 'graphql';
import { Counter, Histogram, type Registry } from 'prom-client';

export interface SearchWatch {
  /** Counts and times one search. */
  measure<Found extends { readonly slots: readonly { readonly start: Date }[] }>(
    search: { readonly from: Date; readonly now: Date },
    run: () => Promise<Found>,
  ): Promise<Found>;
}

const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
const hour = 3_600;
/** From an hour to two months. */
const waitBuckets = [1, 4, 12, 24, 48, 72, 120, 168, 336, 672, 1_344].map((hours) => hours * hour);

export function watchSearches(registry: Registry): SearchWatch {
  const registers = [registry];
  const durations = new Histogram({
    name: 'caregraph_scheduling_availability_duration_seconds',
    help: 'Time of a search for free times, by outcome: ok, refused (the question was wrong), error.',
    labelNames: ['outcome'],
    buckets: durationBuckets,
    registers,
  });
  const waits = new Histogram({
    name: 'caregraph_scheduling_next_availability_seconds',
    help: 'From now to the first free time, of searches that begin within the hour and find one.',
    buckets: waitBuckets,
    registers,
  });
  const empty = new Counter({
    name: 'caregraph_scheduling_searches_empty_total',
    help: 'Searches that found no free time.',
    registers,
  });
  for (const outcome of ['ok', 'refused', 'error']) durations.zero({ outcome });

  return {
    measure: async ({ from, now }, run) => {
      const started = performance.now();
      const tell = (outcome: string): void =>
        durations.observe({ outcome }, (performance.now() - started) / 1000);
      try {
        const found = await run();
        tell('ok');
        const [first] = found.slots;
        if (!first) empty.inc();
        // A search from a later day on says nothing of what comes before it.
        else if (from.getTime() - now.getTime() <= hour * 1000)
          waits.observe(Math.max(0, first.start.getTime() - now.getTime()) / 1000);
        return found;
      } catch (error) {
        tell(error instanceof GraphQLError ? 'refused' : 'error');
        throw error;
      }
    },
  };
}
