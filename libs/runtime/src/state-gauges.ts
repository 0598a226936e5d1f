// Gauges of what the database holds: read on each scrape, so that a restart does not make them lie. Each replica tells
// the same, so a query takes their `max`, never their sum.
import { Counter, Gauge, type Registry } from 'prom-client';
import { inTime } from './in-time.js';

export interface StateGauge<State> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** No sample means that there is nothing to tell. */
  readonly samples: (
    state: State,
  ) => readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

const failuresName = 'caregraph_state_read_failures_total';

/**
 * Adds the gauges; the state is read once for each scrape, for all of them. A read that fails or takes longer than two
 * seconds leaves them out and is counted: old values would look true, and all other figures must still be served.
 */
export function addStateGauges<State>(
  registry: Registry,
  read: () => Promise<State>,
  gauges: readonly StateGauge<State>[],
): void {
  const failures = failuresOf(registry);
  let reading: Promise<State | undefined> | undefined;
  const readOnce = (): Promise<State | undefined> => {
    reading ??= inTime(read)
      .catch(() => {
        failures.inc();
        return undefined;
      })
      .finally(() => (reading = undefined));
    return reading;
  };
  for (const { name, help, labelNames = [], samples } of gauges) {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const state = await readOnce();
        this.reset();
        // A reset leaves a gauge without labels at 0, which would be a figure too.
        if (labelNames.length === 0) this.remove();
        if (state === undefined) return;
        for (const { labels = {}, value } of samples(state)) this.set(labels, value);
      },
    });
  }
}

const failuresOf = (registry: Registry): Counter =>
  (registry.getSingleMetric(failuresName) as Counter | undefined) ??
  new Counter({
    name: failuresName,
    help: 'Scrapes that could not read what the database holds; the figures of it were left out.',
    registers: [registry],
  });
