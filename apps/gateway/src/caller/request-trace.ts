// The trace of a request to the graph: it goes on with the caller's, and is there before anything else, since the
// request's id is made from it.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { continueTrace, openSpan, type OpenSpan } from '@caregraph/runtime';
import { requestIdOf } from './request-id.js';

const traces = new WeakMap<IncomingMessage, OpenSpan>();

/** Begins the trace of a request to the graph, and answers the request's id. */
export function beginRequest(request: IncomingMessage): string {
  const { headers, method, url = '' } = request;
  // Probes come every few seconds, and nobody asks for their traces.
  if (!/^\/graphql(\?|$)/.test(url)) return requestIdOf(headers);
  const opened = continueTrace(textOf(headers.traceparent), () =>
    openSpan('graphql', { 'http.request.method': method, 'http.route': '/graphql' }, { kind: 'server' }),
  );
  traces.set(request, opened);
  const requestId = requestIdOf(headers, opened.traceId);
  opened.describe({ 'caregraph.request.id': requestId });
  return requestId;
}

/** The id of the request's trace, also where an error is told outside of it. */
export const traceIdOf = (request: IncomingMessage): string | undefined => traces.get(request)?.traceId;

/** Runs all that is done for a request within its trace. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const opened = traces.get(request.raw);
    if (!opened) {
      done();
      return;
    }
    // Also where the caller hung up before the answer.
    reply.raw.once('close', () => {
      opened.describe({ 'http.response.status_code': reply.statusCode });
      opened.end();
    });
    opened.run(done);
  });
  // Again, since the parser of the body calls on from the socket, which is in no trace.
  server.addHook('preValidation', (request, _reply, done) => {
    const opened = traces.get(request.raw);
    if (opened) opened.run(done);
    else done();
  });
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
