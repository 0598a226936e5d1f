// One id per request, from the caller or made here; every answer, error and subgraph call carries it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const wellFormed = /^[\w-]{1,128}$/;

/** The caller's X-Request-ID when it is 1 to 128 letters, digits, `_` or `-`; else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID();
}

/** The id of the request being answered, for errors that are formatted before a request has any context. */
export const currentRequestId = new AsyncLocalStorage<string>();
