// What the HTTP server says around GraphQL: headers on every answer, errors in GraphQL's form, long ones compressed.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from '@caregraph/runtime';
import type { ErrorCode } from '@caregraph/subgraph';
import { TokenRejected } from './caller/access-token.js';
import { errorIds, type ErrorIds } from './caller/request-id.js';
import { traceIdOf } from './caller/request-trace.js';
import { addCompression } from './compressed-answers.js';
import { codeOf, maskedError } from './operation/masking.js';

const statusOf: Readonly<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  STEP_UP_REQUIRED: 401,
  BAD_USER_INPUT: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  DOCUMENT_NOT_TRUSTED: 400,
  TOO_MANY_REQUESTS: 429,
  IDEMPOTENCY_CONFLICT: 409,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** What our own errors say beside their code. */
interface Refusal {
  readonly retryAfterSeconds?: number;
  readonly http?: { readonly status?: number };
}

/** Answers are not stored by caches, and are what they say they are. */
export const answerHeaders = (production: boolean): Readonly<Record<string, string>> => ({
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  ...(production ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
});

/** What each answer carries, the request's id first; a long one is compressed. */
export function addAnswerHeaders(server: FastifyInstance, production: boolean): void {
  const headers = answerHeaders(production);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    void reply.headers(headers);
    done();
  });
  addCompression(server);
}

/** Errors outside of GraphQL's execution: bad tokens, bodies that are too large or no JSON, unknown routes. */
export function addErrorAnswers(server: FastifyInstance, log: Logger): void {
  server.setNotFoundHandler((request, reply) =>
    answer(reply, 404, 'BAD_USER_INPUT', 'There is nothing here.', idsOf(request)),
  );
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof TokenRejected) {
      void reply.header('www-authenticate', 'Bearer error="invalid_token"');
      return answer(reply, 401, 'UNAUTHENTICATED', 'The access token is not accepted.', idsOf(request));
    }
    if (error instanceof GraphQLError) {
      const { retryAfterSeconds, http } = error.extensions as Refusal;
      if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
      const told = maskedError(error, { ids: idsOf(request), suggestions: false });
      return reply.code(http?.status ?? statusOf[codeOf(error)]).send({ errors: [told] });
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return answer(reply, status, 'BAD_USER_INPUT', error.message, idsOf(request));
    log.error({ err: error, requestId: request.id }, 'a request failed');
    return answer(reply, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', idsOf(request));
  });
}

/** The code that an error outside of GraphQL's execution is answered with. */
export function codeOfFault(error: FastifyError | Error): ErrorCode {
  if (error instanceof TokenRejected) return 'UNAUTHENTICATED';
  if (error instanceof GraphQLError) return codeOf(error);
  const { statusCode = 500 } = error as Partial<FastifyError>;
  return statusCode < 500 ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}

const idsOf = ({ id, raw }: FastifyRequest): ErrorIds => errorIds(id, traceIdOf(raw));

const answer = (
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  message: string,
  ids: ErrorIds,
): FastifyReply => reply.code(status).send({ errors: [{ message, extensions: { code, ...ids } }] });
