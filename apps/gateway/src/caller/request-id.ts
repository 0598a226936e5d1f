// One id per request, from the caller or made here; every answer, error and subgraph call carries it, and it leads to
// the trace: it is the trace's id, or stands beside it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { currentTraceId } from '@caregraph/runtime';

const wellFormed = /^[\w-]{1,128}$/;

/** The caller's X-Request-ID when it is 1 to 128 letters, digits, `_` or `-`. */
export function namedByCaller(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && wellFormed.test(given) ? given : undefined;
}

/**
 * The caller's id when he sends a well-formed one, else the trace's; a new one for what has no trace. Not a UUID from
 * Node: that is a string of 28 parts, and a socket keeps its own for hours.
 */
export const requestIdOf = (headers: IncomingHttpHeaders, traceId?: string): string =>
  namedByCaller(headers) ?? traceId ?? randomBytes(16).toString('hex');

/** What an error says of where it can be found: the trace's id only where the caller chose another one. */
export interface ErrorIds {
  readonly requestId: string;
  readonly traceId?: string;
}

export const errorIds = (requestId: string, traceId = currentTraceId()): ErrorIds =>
  traceId === undefined || traceId === requestId ? { requestId } : { requestId, traceId };

/** The id of the request being answered, for errors that are formatted before a request has any context. */
export const currentRequestId = new AsyncLocalStorage<string>();
