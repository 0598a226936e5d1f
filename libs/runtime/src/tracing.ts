// Starts tracing in a process: who samples, and where spans go.
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import type { Closing } from './shutdown.js';
import { setTracing } from './trace.js';
import { withAllowList, type SpanValue } from './trace-attributes.js';

export interface TracingConfig {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** Spans wait so long for company before they are sent, in milliseconds: what a killed process takes with it. */
const sentEveryMs = 1_000;

/**
 * Starts tracing. Without an endpoint nothing is recorded or sent, and traces still have their ids, for the logs.
 * @param options `callers: 'anybody'` for what faces the world: a caller's header names the trace, and does not decide
 * whether it is kept.
 */
export function startTracing(
  app: string,
  config: TracingConfig,
  closing: Closing,
  options: { readonly callers?: 'anybody' | 'ours' } = {},
): void {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  if (!endpoint) {
    setTracing('ids');
    return;
  }
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = withAllowList(new OTLPTraceExporter({ url, timeoutMillis: 3_000 }));
  const batches = new BatchSpanProcessor(exporter, {
    scheduledDelayMillis: sentEveryMs,
    maxQueueSize: 8_192,
  });
  const provider = register(app, samplerOf(ratio, options.callers === 'anybody'), [batches]);
  closing.add('traces', () => provider.shutdown());
}

function samplerOf(ratio: number, anybody: boolean): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler(
    anybody ? { root, remoteParentSampled: root, remoteParentNotSampled: root } : { root },
  );
}

function register(app: string, sampler: Sampler, spanProcessors: SpanProcessor[]): NodeTracerProvider {
  const resource = resourceFromAttributes({ 'service.name': `caregraph-${app}` });
  const provider = new NodeTracerProvider({ resource, sampler, spanProcessors });
  // Where one is, is kept in trace.ts; headers are carried by hand, at the few places where something leaves or enters.
  provider.register({ propagator: null, contextManager: null });
  setTracing('recorded');
  return provider;
}

/** A span that has ended, as specs look at it. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, SpanValue>>;
  /** Ids of the spans that it is linked to. */
  readonly links: readonly string[];
}

/** Starts tracing into memory, for specs; once per process. Spans pass the same list as in production. */
export function recordTraces(): {
  /** Those that have ended, the first to end first. */
  spans(): RecordedSpan[];
  clear(): void;
  stop(): Promise<void>;
} {
  const memory = new InMemorySpanExporter();
  const spans = new SimpleSpanProcessor(withAllowList(memory));
  const provider = register('spec', samplerOf(1, false), [spans]);
  return {
    spans: () => memory.getFinishedSpans().map(recorded),
    clear: () => {
      memory.reset();
    },
    stop: async () => {
      await provider.shutdown();
      trace.disable();
      setTracing('off');
    },
  };
}

const recorded = (span: ReadableSpan): RecordedSpan => ({
  name: span.name,
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parentSpanId: span.parentSpanContext?.spanId,
  failed: span.status.code === SpanStatusCode.ERROR,
  attributes: span.attributes as Record<string, SpanValue>,
  links: span.links.map((link) => link.context.spanId),
});
