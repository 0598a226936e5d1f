// What a piece of work belongs to, across apps: spans of OpenTelemetry, and the W3C header that carries a trace on.
import { randomUUID } from 'node:crypto';
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { errorType, keptAttributes, safeText, type SpanAttributes } from './trace-attributes.js';

export interface SpanOptions {
  /** Which side of a call it is; `internal` when left out. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Other spans that it has to do with, as their `traceparent`. */
  readonly links?: readonly (string | undefined)[];
  /** When it began, in milliseconds since 1970; now when left out. */
  readonly startedAt?: number;
}

/** A span that is ended by hand, for work that no single function holds. */
export interface OpenSpan {
  /** Undefined where no tracing was started. */
  readonly traceId: string | undefined;
  readonly traceparent: string | undefined;
  /** Runs the work, and what it calls and awaits, within the span. */
  run<Result>(work: () => Result): Result;
  describe(attributes: SpanAttributes, name?: string): void;
  /** Marks it as failed, with the error's code or class, and never with its text. */
  fail(error: unknown): void;
  end(): void;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Runs the work within a span of the current trace, or of a new one. What it throws is marked and thrown on. */
export async function span<Result>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
  options?: SpanOptions,
): Promise<Result> {
  const opened = openSpan(name, attributes, options);
  try {
    return await opened.run(work);
  } catch (error) {
    opened.fail(error);
    throw error;
  } finally {
    opened.end();
  }
}

/** Begins a span of the current trace, or of a new one. Whoever opens it ends it. */
export function openSpan(name: string, attributes: SpanAttributes, options: SpanOptions = {}): OpenSpan {
  const parent = trace.getSpan(context.active());
  const part = parent && partOfUnseen(parent);
  if (part) return part;
  if (onlyIds) return opened(withIdsOnly(parent));
  const { kind = 'internal', links = [], startedAt } = options;
  const made = trace.getTracer('caregraph').startSpan(safeText(name), {
    kind: kinds[kind],
    attributes: keptAttributes(attributes),
    links: linksTo(links),
    ...(startedAt === undefined ? {} : { startTime: startedAt }),
  });
  return opened(made);
}

let onlyIds = false;

/**
 * What is a part of a span that nobody will see: one for all, since they differ in nothing. On the span itself, because
 * a WeakMap of so many that live for milliseconds is dear to the garbage collector.
 */
const unseenPart = Symbol('what is a part of the span');

interface Whole extends Span {
  [unseenPart]?: OpenSpan;
}

const madePart = (whole: Whole): OpenSpan | undefined => whole[unseenPart];

/** Spans of a trace that nobody will see are not worth making: its first one stands for all, with its ids. */
const partOfUnseen = (whole: Span): OpenSpan | undefined =>
  madePart(whole) ?? (isUnseen(whole.spanContext()) ? partOf(whole) : undefined);

/** Whether spans are recorded from now on. If not, a trace has its ids, for the logs, and costs nothing else. */
export function recordSpans(recorded: boolean): void {
  onlyIds = !recorded;
}

function withIdsOnly(parent: Span | undefined): Span {
  const traceId = validated(parent)?.traceId ?? randomId();
  const spanId = randomId().slice(0, 16);
  return trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.NONE });
}

/** 32 hexadecimal digits, never all 0: those of a UUID, whose random bytes are drawn for many at once. */
const randomId = (): string => randomUUID().replaceAll('-', '');

function opened(made: Span): OpenSpan {
  const within = trace.setSpan(context.active(), made);
  return {
    ...idsOf(made),
    run: (work) => context.with(within, work),
    describe: (attributes, name) => {
      if (!made.isRecording()) return;
      made.setAttributes(keptAttributes(attributes));
      if (name !== undefined) made.updateName(safeText(name));
    },
    fail: (error) => {
      markFailed(made, error);
    },
    end: () => {
      made.end();
    },
  };
}

const nothing = (): void => undefined;

function partOf(whole: Whole): OpenSpan {
  const part: OpenSpan = {
    ...idsOf(whole),
    run: (work) => work(),
    describe: nothing,
    fail: nothing,
    end: nothing,
  };
  whole[unseenPart] = part;
  return part;
}

const idsOf = (of: Span): Pick<OpenSpan, 'traceId' | 'traceparent'> => ({
  traceId: validated(of)?.traceId,
  traceparent: headerOf(of),
});

function markFailed(of: Span, error: unknown): void {
  of.setStatus({ code: SpanStatusCode.ERROR });
  of.setAttribute('error.type', errorType(error));
}

/** Adds to the current span what is known only now; another name, too, if one is given. */
export function describeSpan(attributes: SpanAttributes, name?: string): void {
  const current = trace.getActiveSpan();
  if (!current?.isRecording()) return;
  current.setAttributes(keptAttributes(attributes));
  if (name !== undefined) current.updateName(safeText(name));
}

/** Marks the current span as failed, for work that answers with its error instead of throwing it. */
export function failSpan(error: unknown): void {
  const current = trace.getActiveSpan();
  if (current) markFailed(current, error);
}

/** Whether somebody will see spans that are made now: asked before what costs something is done for them. */
export const isTraced = (): boolean => trace.getActiveSpan()?.isRecording() ?? false;

/** The id that joins all that one request sets off, in each app; undefined outside of any trace. */
export const currentTraceId = (): string | undefined => validated(trace.getActiveSpan())?.traceId;

/** The current span as the W3C's `traceparent` header; undefined outside of any trace. */
export function traceparent(): string | undefined {
  const active = trace.getActiveSpan();
  return (active && madePart(active)?.traceparent) ?? headerOf(active);
}

/**
 * Runs the work as a part of the trace that the header tells of. Without one, or with one that cannot be read, it
 * belongs to no trace: its first span begins one.
 */
export function continueTrace<Result>(header: string | null | undefined, work: () => Result): Result {
  const remote = parsed(header);
  return context.with(remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT, work);
}

const isUnseen = (of: SpanContext): boolean =>
  of.isRemote !== true && isSpanContextValid(of) && (of.traceFlags & TraceFlags.SAMPLED) === 0;

function validated(of: Span | undefined): SpanContext | undefined {
  const found = of?.spanContext();
  return found && isSpanContextValid(found) ? found : undefined;
}

function headerOf(of: Span | undefined): string | undefined {
  const found = validated(of);
  if (!found) return undefined;
  return `00-${found.traceId}-${found.spanId}-0${found.traceFlags & TraceFlags.SAMPLED}`;
}

/** Later versions may add parts at the end; `ff` is none. */
const wellFormed = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

function parsed(header: string | null | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = wellFormed.exec(header ?? '') ?? [];
  const found = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return isSpanContextValid(found) ? found : undefined;
}

const linksTo = (headers: readonly (string | undefined)[]): Link[] =>
  headers.flatMap((header) => {
    const found = parsed(header);
    return found ? [{ context: found }] : [];
  });
