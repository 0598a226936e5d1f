// How old what this replica knows of callers is.
import { Gauge, type Registry } from 'prom-client';
import type { Knowledge } from './knowledge.js';

/** In seconds: a figure for what never was. Long before that somebody has been told. */
const longestAge = 86_400;

export function addKnownMetrics(registry: Registry, known: Pick<Knowledge, 'ageSeconds'>): void {
  new Gauge({
    name: 'caregraph_gateway_knowledge_age_seconds',
    help: 'Since when what is known of sessions, partner keys and flags was not read again; at most a day.',
    registers: [registry],
    collect() {
      this.set(Math.min(known.ageSeconds, longestAge));
    },
  });
}
