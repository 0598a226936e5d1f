// Nobody but the gateway gets past here, and only with the very bytes that it signed; who fails is told no more than that.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger, Viewer, ViewerVerifier } from '@caregraph/runtime';
import type { ErrorCode } from './errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Viewer;
  }
}

/** Verifies the viewer token before the body is parsed: 401 without saying why, also for `_entities` and `_service`. */
export function requireViewer(graph: FastifyInstance, verify: ViewerVerifier): void {
  graph.decorateRequest('viewer');
  graph.addHook('preValidation', async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      request.viewer = await verify(viewerToken(request), body);
    } catch {
      return refuse(reply, 401, 'UNAUTHENTICATED', 'The caller is not known.');
    }
    const operation = parsed(body);
    if (!isOperation(operation))
      return refuse(
        reply,
        400,
        'BAD_USER_INPUT',
        'The body is no GraphQL request in JSON.',
        request.viewer.requestId,
      );
    request.body = operation;
    return undefined;
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Apollo Server would refuse the rest, but outside of our masking: with a code that is not of our list. */
function isOperation(body: unknown): boolean {
  if (!isObject(body)) return false;
  const { query, operationName, variables, extensions } = body;
  return (
    typeof query === 'string' &&
    query !== '' &&
    (operationName == null || typeof operationName === 'string') &&
    [variables, extensions].every((part) => part == null || isObject(part))
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const viewerToken = ({ headers }: FastifyRequest): string | undefined => {
  const header = headers['x-caregraph-viewer'];
  return typeof header === 'string' ? header : undefined;
};

/** An answer outside of GraphQL's execution, in its form. */
export const refuse = (
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  message: string,
  requestId?: string,
): FastifyReply =>
  reply.code(status).send({ errors: [{ message, extensions: { code, ...(requestId && { requestId }) } }] });

/** Faults outside of GraphQL, also of webhooks: fastify would send a database's words to whoever asked, and log them. */
export function answerFaults(server: FastifyInstance, log: Logger): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'BAD_USER_INPUT', error.message);
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed');
    return refuse(reply, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
  });
}
