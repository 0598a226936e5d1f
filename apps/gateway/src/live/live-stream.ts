// Live updates as server-sent events, for clients without WebSockets: the "distinct connections mode" of graphql-sse,
// one POST for each operation. A stream that ends without `complete` was cut: the client comes back with a fresh token.
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badInput, unavailable } from '@caregraph/subgraph';
import { sessionHeader } from '../caller/anonymous-session.js';
import { demandVersion, timeZoneOf } from '../caller/client-headers.js';
import { presentedBy } from '../caller/identify.js';
import { overloaded } from '../limits/overloaded.js';
import type { RateLimits } from '../limits/rate-limits.js';
import { begin, type BeginOptions, type Payload } from './begin.js';
import { followCaller } from './follow-caller.js';
import { tooMany } from './live-limits.js';
import type { CutReason } from './live-metrics.js';
import type { Reader } from './subscription.js';

/** How often a silent stream says that it lives, in milliseconds; proxies end what is silent for longer. */
const pulseEvery = 12_000;
/** Ending all takes at most so many milliseconds, one for each; clients must not all come back at once. */
const longestDrain = 3_000;

export interface LiveStreamOptions extends BeginOptions {
  /** Whether this process is on its way out. */
  readonly closing: () => boolean;
  readonly rates: Pick<RateLimits, 'connect'>;
  /** By client; see `demandVersion`. */
  readonly config: { readonly MINIMUM_CLIENT_VERSIONS: ReadonlyMap<string, string> };
}

/** Serves them on `POST /graphql/stream`; returns how to end all that are open. */
export function serveLiveStreams(server: FastifyInstance, options: LiveStreamOptions): () => Promise<void> {
  const open = new Set<ServerResponse>();
  server.route({
    method: 'POST',
    url: '/graphql/stream',
    onRequest: async (request, reply) => {
      if (!options.load.takesMore()) throw overloaded();
      demandVersion(request.headers, options.config.MINIMUM_CLIENT_VERSIONS);
      timeZoneOf(request.headers);
      request.caller = await options.identify(presentedBy(request.raw, request.id));
      const { issuedSession, viewer } = request.caller;
      await options.rates.connect(viewer.ip);
      if (issuedSession !== null) void reply.header(sessionHeader, issuedSession);
    },
    handler: (request, reply) => {
      // It would be ended at once; on its next connection the client finds another process.
      if (options.closing()) throw unavailable('The live update was interrupted. Subscribe again.');
      const payload = payloadOf(request.body);
      if (open.size >= options.updates.quota.limits.connections) {
        options.metrics.liveCut('full');
        throw tooMany('There are too many connections at present.');
      }
      stream({ request, reply, payload, open }, options);
      return reply;
    },
  });
  return async () => {
    const within = Math.min(longestDrain, open.size);
    await Promise.all(
      [...open].map(async (response) => {
        await pause(Math.random() * within);
        response.end();
      }),
    );
  };
}

interface Streamed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: Payload;
  readonly open: Set<ServerResponse>;
}

function stream({ request, reply, payload, open }: Streamed, options: BeginOptions): void {
  const { caller } = request;
  if (!caller) throw new Error('A request without a caller.');
  reply.hijack();
  const response = reply.raw;
  const given = Object.entries(reply.getHeaders()).filter((entry) => entry[1] !== undefined);
  response.writeHead(200, {
    ...(Object.fromEntries(given) as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-store',
    'x-accel-buffering': 'no',
    // A stream that ends has no second request on its connection: the client comes back wherever it is sent.
    connection: 'close',
  });
  response.write(':\n\n');
  open.add(response);
  const cut = (reason: CutReason): void => {
    options.metrics.liveCut(reason);
    response.destroy();
  };
  const { waitingBytes } = options.updates.quota.limits;
  const pulse = setInterval(() => response.write(':\n\n'), pulseEvery);
  const reader = readerOf(response, (text) => {
    if (response.writableLength > waitingBytes) cut('slow');
    else response.write(text);
  });
  const { headers } = request.raw;
  const { viewer, issuedSession } = caller;
  const running = begin({ payload, viewer, knownSession: issuedSession === null, headers, reader }, options);
  const unfollow = followCaller(caller, options.known, {
    expired: () => { cut('expired'); }, // prettier-ignore
    renewed: (renewed) => running?.renew(renewed.viewer),
    revoked: () => { cut('revoked'); }, // prettier-ignore
    unknown: () => response.destroy(),
  });
  response.once('close', () => {
    unfollow();
    clearInterval(pulse);
    open.delete(response);
    running?.stop();
  });
}

function readerOf(response: ServerResponse, write: (text: string) => void): Reader {
  const complete = (): void => {
    write('event: complete\ndata:\n\n');
    response.end();
  };
  return {
    next: (result) => {
      if (!response.writableEnded) write(`event: next\ndata: ${result}\n\n`);
    },
    fail: (errors) => {
      if (response.writableEnded) return;
      write(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`);
      complete();
    },
    complete: () => {
      if (!response.writableEnded) complete();
    },
  };
}

function payloadOf(body: unknown): Payload {
  const { query, documentId, operationName, variables, extensions } = Object(body) as Record<string, unknown>;
  const isNamed = documentId != null || recordOf(extensions).persistedQuery != null;
  if (typeof query !== 'string' && !(query == null && isNamed))
    throw badInput({ field: 'query', message: 'must be the text of an operation' });
  if (operationName != null && typeof operationName !== 'string')
    throw badInput({ field: 'operationName', message: 'must be text' });
  return {
    query: query ?? '',
    documentId,
    operationName: operationName ?? null,
    variables: recordOf(variables),
    extensions: recordOf(extensions),
  };
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
