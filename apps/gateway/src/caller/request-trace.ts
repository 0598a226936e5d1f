// The trace of a request to the graph: it goes on with the caller's, and is there before anything else, since the
// request's id is made from it.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { openSpanOf, type OpenSpan } from '@caregraph/runtime';
import { requestIdOf } from './request-id.js';

/** On the request itself: a WeakMap of so many that live for milliseconds is dear to the garbage collector. */
const opened = Symbol('the trace of the request');

interface Traced extends IncomingMessage {
  [opened]?: OpenSpan;
}

const traceOf = (request: Traced): OpenSpan | undefined => request[opened];

/** Begins the trace of a request to the graph, and answers the request's id. */
export function beginRequest(request: IncomingMessage): string {
  const { headers, method, url = '' } = request;
  // Probes come every few seconds, and nobody asks for their traces.
  if (!/^\/graphql(\?|$)/.test(url)) return requestIdOf(headers);
  const attributes = { 'http.request.method': method, 'http.route': '/graphql' };
  const trace = openSpanOf(textOf(headers.traceparent), 'graphql', attributes, { kind: 'server' });
  (request as Traced)[opened] = trace;
  const requestId = requestIdOf(headers, trace.traceId);
  trace.describe({ 'caregraph.request.id': requestId });
  return requestId;
}

/** The id of the request's trace, also where an error is told outside of it. */
export const traceIdOf = (request: IncomingMessage): string | undefined => traceOf(request)?.traceId;

/** Runs all that is done for a request within its trace. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const trace = traceOf(request.raw);
    if (!trace) {
      done();
      return;
    }
    // Also where the caller hung up before the answer.
    reply.raw.on('close', () => {
      trace.describe({ 'http.response.status_code': reply.statusCode });
      trace.end();
    });
    trace.run(done);
  });
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
