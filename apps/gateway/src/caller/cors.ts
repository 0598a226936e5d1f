// Which web pages may call over HTTP, and what of requests and answers their code may write and read.
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { sessionHeader } from './anonymous-session.js';

export const addCors = (server: FastifyInstance, origins: readonly string[]): Promise<unknown> =>
  Promise.resolve(
    server.register(cors, {
      origin: [...origins],
      methods: ['GET', 'POST'],
      allowedHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'traceparent',
        'x-client-name',
        'x-client-version',
        'x-idempotency-key',
        'x-request-id',
        'x-timezone',
        sessionHeader,
        'apollo-require-preflight',
      ],
      exposedHeaders: ['retry-after', 'x-request-id', sessionHeader],
      maxAge: 600,
    }),
  );
