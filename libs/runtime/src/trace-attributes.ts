// What a span may carry, as the log has it: what is not listed is dropped, so that no name, address, reason, variable
// or value of a statement can reach a collector, whoever made the span.
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { withoutContacts } from './log-errors.js';

/** The only attributes that a span may have. Those without a prefix of ours are named by OpenTelemetry or Apollo. */
export const allowedAttributes = [
  'caregraph.event.type', 'caregraph.job.attempt', 'caregraph.job.id', 'caregraph.job.name', 'caregraph.request.id',
  'caregraph.subgraph', 'caregraph.vendor', 'db.collection.name', 'db.operation.name', 'db.system.name', 'error.type',
  'graphql.operation.name', 'graphql.operation.type', 'http.request.method', 'http.response.status_code', 'http.route',
  'messaging.batch.message_count', 'messaging.consumer.group.name', 'messaging.destination.name',
  'messaging.message.id', 'messaging.operation.type', 'service',
] as const; // prettier-ignore

export type SpanAttribute = (typeof allowedAttributes)[number];
export type SpanValue = string | number | boolean;
export type SpanAttributes = Readonly<Partial<Record<SpanAttribute, SpanValue | undefined>>>;

const allowed: ReadonlySet<string> = new Set(allowedAttributes);

/** Longer texts are cut: a client chooses the name of its operation. */
const longest = 120;

export const safeText = (text: string): string => withoutContacts(text).slice(0, longest);

/** What is left of any attributes: names on the list, scalars, and no contact wherever it stands. */
export function keptAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, SpanValue> {
  const kept: Record<string, SpanValue> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!allowed.has(name)) continue;
    if (typeof value === 'string') kept[name] = safeText(value);
    else if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
  }
  return kept;
}

/** What an error may say of itself in a span: its code, else the name of its class. Never its message. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code, extensions } = error as { code?: unknown; extensions?: { code?: unknown } };
  return codeIn(extensions?.code) ?? codeIn(code) ?? error.name;
}

function codeIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && /^[\w.-]{1,40}$/.test(value) ? value : undefined;
}

/** Puts the list before an exporter. Libraries make spans as well, and their events quote errors. */
export const withAllowList = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => {
    exporter.export(spans.map(kept), done);
  },
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
});

const kept = (span: ReadableSpan): ReadableSpan => ({
  name: safeText(span.name),
  kind: span.kind,
  spanContext: () => span.spanContext(),
  ...(span.parentSpanContext ? { parentSpanContext: span.parentSpanContext } : {}),
  startTime: span.startTime,
  endTime: span.endTime,
  status: { code: span.status.code },
  attributes: keptAttributes(span.attributes),
  links: span.links.map(({ context }) => ({ context })),
  events: [],
  duration: span.duration,
  ended: span.ended,
  resource: span.resource,
  instrumentationScope: span.instrumentationScope,
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
});
