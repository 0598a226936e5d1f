// What the HTTP server itself refuses, before there is a request of anybody's: told in our form and with our headers,
// and not in the words by which a framework is known.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { answerHeaders } from './http-answers.js';

/** Options of the server. */
export const httpFaults = (production: boolean) => {
  const headers = answerHeaders(production);
  return {
    http: {
      // A client that has something to ask says so at once; one that dribbles its headers only holds a place.
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
    },
    /** Of an address that cannot be decoded, for example. */
    frameworkErrors: ({ statusCode = 400 }: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ ...headers, 'x-request-id': request.id });
      void reply.code(statusCode).send(fault('The request cannot be read.', request.id));
    },
    /** Of what is no HTTP, has headers without end, or takes too long. */
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code !== 'ECONNRESET' && socket.writable) {
        const status = statuses[error.code ?? ''] ?? 400;
        const requestId = randomUUID();
        const body = JSON.stringify(fault('The request cannot be read.', requestId));
        const lines = Object.entries({
          ...headers,
          'x-request-id': requestId,
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          connection: 'close',
        }).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
      }
      socket.destroy();
    },
  };
};

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const fault = (message: string, requestId: string): object => ({
  errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId } }],
});
