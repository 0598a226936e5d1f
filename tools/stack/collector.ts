// Where the local stack's traces go: takes OTLP in JSON as a collector does, and keeps the last spans in memory.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredSpan {
  readonly app: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Null for the first of a trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  /** In milliseconds since 1970, with fractions. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface Collector {
  /** What apps get as OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** Those of one trace, or all that are kept, in the order of their beginning. */
  spans(traceId?: string): StoredSpan[];
  close(): Promise<void>;
}

/** A booking makes about 300. */
const keptSpans = 20_000;

/** Listens on loopback. Whoever reaches it can add spans and read none. */
export async function openCollector(most = keptSpans): Promise<Collector> {
  let kept: StoredSpan[] = [];
  const server = createServer((request, response) => {
    const take = request.method === 'POST' && request.url === '/v1/traces';
    const taken = take ? bodyOf(request).then(spansOf) : Promise.reject(new Error('Only traces are taken.'));
    taken.then(
      (spans) => {
        kept = [...kept, ...spans].slice(-most);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.writeHead(take ? 400 : 404).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: (traceId) =>
      kept
        .filter((span) => traceId === undefined || span.traceId === traceId)
        .sort((one, other) => one.startedAt - other.startedAt),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Request;
}

/** What we read of OTLP's JSON. */
interface Request {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string | number;
  readonly endTimeUnixNano: string | number;
  readonly attributes?: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

const statusError = 2;

function spansOf({ resourceSpans = [] }: Request): StoredSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const app = String(valuesOf(resource?.attributes)['service.name'] ?? '').replace(/^caregraph-/, '');
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => stored(app, span)));
  });
}

function stored(app: string, span: OtlpSpan): StoredSpan {
  const { traceId, spanId, name } = span;
  const [startedAt, endedAt] = [millis(span.startTimeUnixNano), millis(span.endTimeUnixNano)];
  return {
    app,
    traceId,
    spanId,
    parentSpanId: span.parentSpanId === '' ? null : (span.parentSpanId ?? null),
    name,
    startedAt,
    durationMs: endedAt - startedAt,
    failed: span.status?.code === statusError,
    attributes: valuesOf(span.attributes),
    links: (span.links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
  };
}

const millis = (nanos: string | number): number => Number(BigInt(nanos) / 1_000n) / 1_000;

const valuesOf = (attributes: readonly Attribute[] = []): Record<string, string | number | boolean> =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? boolValue ?? doubleValue ?? Number(intValue),
    ]),
  );
