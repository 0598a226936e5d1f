// What the sandbox says to a request that nobody here answers. Under /v1 that is Stripe's own wording.
import type { FastifyReply, FastifyRequest } from 'fastify';

export function missingRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? '';
  const message = path.startsWith('/v1/')
    ? `Unrecognized request URL (${request.method}: ${path}). The sandbox simulates only a part of Stripe.`
    : `Nothing answers ${request.method} ${path} here.`;
  return reply.code(404).send({ error: { type: 'invalid_request_error', message } });
}
