// Nobody but the gateway gets past here, and only with the very bytes that it signed.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Viewer, ViewerVerifier } from '@caregraph/runtime';

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Viewer;
  }
}

/** Verifies the viewer token before the body is parsed: 401 without saying why, also for `_entities` and `_service`. */
export function requireViewer(graph: FastifyInstance, verify: ViewerVerifier): void {
  graph.addHook('preValidation', async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      request.viewer = await verify(viewerToken(request), body);
    } catch {
      return refuse(reply, 401, 'UNAUTHENTICATED', 'The caller is not known.');
    }
    try {
      request.body = JSON.parse(body.toString('utf8'));
    } catch {
      return refuse(reply, 400, 'BAD_USER_INPUT', 'The body is not JSON.');
    }
    return undefined;
  });
}

const viewerToken = ({ headers }: FastifyRequest): string | undefined => {
  const header = headers['x-caregraph-viewer'];
  return typeof header === 'string' ? header : undefined;
};

const refuse = (reply: FastifyReply, status: number, code: string, message: string): FastifyReply =>
  reply.code(status).send({ errors: [{ message, extensions: { code } }] });
