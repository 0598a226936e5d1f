// A span for each request that a subgraph answers: the gateway's go on with its trace, a vendor's webhook begins one.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openSpanOf, type OpenSpan, type SpanAttributes, type SpanOptions } from '@caregraph/runtime';

/** Registered after `requireViewer`, so that only the gateway's word on a trace is taken. */
export function traceGraph(graph: FastifyInstance): void {
  graph.addHook('preValidation', (request, reply, done) => {
    const { operationName } = request.body as { readonly operationName?: string | null };
    const opened = openSpanOf(
      textOf(request.headers.traceparent),
      `graphql ${operationName ?? 'anonymous'}`,
      {
        'graphql.operation.name': operationName ?? undefined,
        'caregraph.request.id': request.viewer?.requestId,
      },
      { kind: 'server' },
    );
    endWith(reply, opened);
    opened.run(done);
  });
}

/** What a vendor says of a trace is not asked: it is none of ours. */
export function traceWebhooks(server: FastifyInstance): void {
  server.addHook('preValidation', (request, reply, done) => {
    const opened = openSpanOf(undefined, ...webhookSpan(request));
    endWith(reply, opened);
    opened.run(done);
  });
}

const webhookSpan = ({
  method,
  routeOptions,
}: FastifyRequest): [name: string, attributes: SpanAttributes, options: SpanOptions] => [
  `webhook ${routeOptions.url ?? ''}`,
  { 'http.request.method': method, 'http.route': routeOptions.url },
  { kind: 'server' },
];

/** Also where the caller hung up before the answer. */
function endWith(reply: FastifyReply, opened: OpenSpan): void {
  reply.raw.once('close', () => {
    opened.describe({ 'http.response.status_code': reply.statusCode });
    opened.end();
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
