// What a piece of work belongs to, across apps: spans of OpenTelemetry, and the W3C header that carries a trace on.
// Where one is, is kept here and not in OpenTelemetry's context: that makes two Maps for each step into another span,
// and cost the gateway a seventh of a request (bench: gateway).
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace-node';
import { readTraceparent, writeTraceparent } from './traceparent.js';
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

/** What becomes of spans: nothing at all; their ids, for logs and those who are called; or they are recorded. */
export type Tracing = 'off' | 'ids' | 'recorded';

let tracing: Tracing = 'off';

/** From now on, in this process. */
export function setTracing(wanted: Tracing): void {
  tracing = wanted;
}

/**
 * Runs the work within a span of the current trace, or of a new one. What it rejects with is marked and thrown on; it
 * must not throw before it answers a promise.
 */
export function span<Result>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
  options?: SpanOptions,
): Promise<Result> {
  const opened = openSpan(name, attributes, options);
  return opened instanceof Unseen ? opened.run(work) : followed(opened, work);
}

async function followed<Result>(opened: OpenSpan, work: () => Promise<Result>): Promise<Result> {
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
export const openSpan = (name: string, attributes: SpanAttributes, options?: SpanOptions): OpenSpan =>
  open(here.getStore(), name, attributes, options);

/** Begins a span of the trace that the header tells of, as `continueTrace` does, and not of the current one. */
export const openSpanOf = (
  header: string | null | undefined,
  name: string,
  attributes: SpanAttributes,
  options?: SpanOptions,
): OpenSpan => open(placeOf(header), name, attributes, options);

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

function open(
  parent: Place | undefined,
  name: string,
  attributes: SpanAttributes,
  options: SpanOptions = {},
): OpenSpan {
  if (tracing === 'off') return nowhere;
  // Spans of a trace that nobody will see are not worth making: its first one stands for all, with its ids.
  if (parent?.isUnseen === true) return parent.part;
  if (tracing === 'ids') return new Place(withIdsOnly(parent));
  const { kind = 'internal', links = [], startedAt } = options;
  const made = trace.getTracer('caregraph').startSpan(
    safeText(name),
    {
      kind: kinds[kind],
      attributes: keptAttributes(attributes),
      links: linksTo(links),
      ...(startedAt === undefined ? {} : { startTime: startedAt }),
    },
    parent ? trace.setSpanContext(ROOT_CONTEXT, parent.ids) : ROOT_CONTEXT,
  );
  return new Place(made.spanContext(), made);
}

const nothing = (): void => undefined;

/** Where work stands: in a span of this process, or in one of another process that a header tells of. */
class Place implements OpenSpan {
  private header: string | undefined;
  private unseen: Unseen | undefined;

  constructor(
    readonly ids: SpanContext,
    private readonly made?: Span,
  ) {}

  get traceId(): string {
    return this.ids.traceId;
  }

  get traceparent(): string {
    return (this.header ??= writeTraceparent(this.ids));
  }

  /** Another process's word on whether its spans are kept is not ours. */
  get isUnseen(): boolean {
    return this.ids.isRemote !== true && (this.ids.traceFlags & TraceFlags.SAMPLED) === 0;
  }

  /** What is a part of a span that nobody will see: one for all, since they differ in nothing. */
  get part(): OpenSpan {
    return (this.unseen ??= new Unseen(this.traceId, this.traceparent));
  }

  get isRecording(): boolean {
    return this.made?.isRecording() ?? false;
  }

  run<Result>(work: () => Result): Result {
    return here.run(this, work);
  }

  describe(attributes: SpanAttributes, name?: string): void {
    if (!this.made?.isRecording()) return;
    this.made.setAttributes(keptAttributes(attributes));
    if (name !== undefined) this.made.updateName(safeText(name));
  }

  fail(error: unknown): void {
    this.made?.setStatus({ code: SpanStatusCode.ERROR });
    this.made?.setAttribute('error.type', errorType(error));
  }

  end(): void {
    this.made?.end();
  }
}

/** Of what runs now; undefined outside of any trace. */
const here = new AsyncLocalStorage<Place | undefined>();

/** A span that stands for no more than the one around it. */
class Unseen implements OpenSpan {
  readonly describe = nothing;
  readonly fail = nothing;
  readonly end = nothing;

  constructor(
    readonly traceId: string | undefined,
    readonly traceparent: string | undefined,
  ) {}

  run<Result>(work: () => Result): Result {
    return work();
  }
}

const nowhere = new Unseen(undefined, undefined);

const randomIds = new RandomIdGenerator();

const withIdsOnly = (parent: Place | undefined): SpanContext => ({
  traceId: parent?.traceId ?? randomIds.generateTraceId(),
  spanId: randomIds.generateSpanId(),
  traceFlags: TraceFlags.NONE,
});

/** Adds to the current span what is known only now; another name, too, if one is given. */
export function describeSpan(attributes: SpanAttributes, name?: string): void {
  here.getStore()?.describe(attributes, name);
}

/** Marks the current span as failed, for work that answers with its error instead of throwing it. */
export function failSpan(error: unknown): void {
  here.getStore()?.fail(error);
}

/** Whether somebody will see spans that are made now: asked before what costs something is done for them. */
export const isTraced = (): boolean => here.getStore()?.isRecording ?? false;

/** The id that joins all that one request sets off, in each app; undefined outside of any trace. */
export const currentTraceId = (): string | undefined => here.getStore()?.traceId;

/** The current span as the W3C's `traceparent` header; undefined outside of any trace. */
export const traceparent = (): string | undefined => here.getStore()?.traceparent;

/**
 * Runs the work as a part of the trace that the header tells of. Without one, or with one that cannot be read, it
 * belongs to no trace: its first span begins one.
 */
export const continueTrace = <Result>(header: string | null | undefined, work: () => Result): Result =>
  here.run(placeOf(header), work);

function placeOf(header: string | null | undefined): Place | undefined {
  if (header === undefined || header === null || tracing === 'off') return undefined;
  const ids = readTraceparent(header);
  return ids && new Place(ids);
}

const linksTo = (headers: readonly (string | undefined)[]): Link[] =>
  headers.flatMap((header) => {
    const found = readTraceparent(header);
    return found ? [{ context: found }] : [];
  });
