// GraphQL over HTTP: who calls, in which way the operation is answered, and the query page in development.
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Load } from '@caregraph/runtime';
import { sessionHeader } from './caller/anonymous-session.js';
import { demandVersion, timeZoneOf } from './caller/client-headers.js';
import { presentedBy, type Caller, type Identify } from './caller/identify.js';
import { currentRequestId } from './caller/request-id.js';
import type { AskedDocument, Documents } from './documents/documents.js';
import { askedOverHttp } from './documents/over-http.js';
import { graphiql, opensPage } from './graphiql.js';
import { codeOfFault } from './http-answers.js';
import { overloaded } from './limits/overloaded.js';
import { whenLeft } from './limits/when-left.js';
import { outcomeOf, type GatewayMetrics } from './operation/metrics.js';
import { deadlineFromNow, type OperationContext } from './operation/operation-rules.js';
import type { ShortWay } from './operation/short-way.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    document?: AskedDocument | undefined;
    timeZone?: string | undefined;
  }
}

export interface GraphRouteOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly shortWay: ShortWay;
  readonly load: Load;
  readonly identify: Identify;
  readonly documents: Documents;
  readonly metrics: GatewayMetrics;
  readonly config: {
    readonly NODE_ENV: string;
    readonly REQUEST_TIMEOUT_MS: number;
    readonly MINIMUM_CLIENT_VERSIONS: ReadonlyMap<string, string>;
  };
}

export async function addGraph(server: FastifyInstance, options: GraphRouteOptions): Promise<void> {
  const { apollo, shortWay, load, identify, documents, metrics, config } = options;
  const sendPage = config.NODE_ENV === 'development' ? await graphiql() : undefined;
  if (sendPage) server.get('/', (_request, reply) => sendPage(reply));

  const contextOf = (request: FastifyRequest, reply: FastifyReply): OperationContext => {
    if (!request.caller) throw new Error('A request without a caller.');
    return {
      viewer: request.caller.viewer,
      deadline: deadlineFromNow(config.REQUEST_TIMEOUT_MS),
      left: whenLeft(reply.raw),
      timeZone: request.timeZone,
      knownSession: request.caller.issuedSession === null,
      document: request.document,
    };
  };
  const throughApollo = fastifyApolloHandler(apollo, {
    context: (request, reply) => Promise.resolve(contextOf(request, reply)),
  });
  server.route({
    method: ['PUT', 'DELETE', 'PATCH'],
    url: '/graphql',
    handler: (_request, reply) => {
      void reply.header('allow', 'GET, POST');
      throw new GraphQLError('GraphQL is asked by GET or POST.', {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 405 } },
      });
    },
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: a bad token is not worth reading it.
    onRequest: async (request, reply) => {
      if (sendPage && opensPage(request)) return sendPage(reply);
      if (!(await load.admits(reply))) throw overloaded();
      demandVersion(request.headers, config.MINIMUM_CLIENT_VERSIONS);
      request.timeZone = timeZoneOf(request.headers);
      request.caller = await identify(presentedBy(request.raw, request.id));
      const { issuedSession } = request.caller;
      if (issuedSession !== null) void reply.header(sessionHeader, issuedSession);
      return undefined;
    },
    // What fails out here never becomes an operation, and would else be missing in the rate of errors.
    onError: (_request, reply, error, done) => {
      metrics.request('unread', outcomeOf([codeOfFault(error)]), reply.elapsedTime / 1000);
      done();
    },
    handler: async (request, reply) => {
      if (request.caller) request.document = askedOverHttp(documents, request, request.caller.viewer);
      const known = shortWay.find(request, request.document?.text);
      if (!known) return currentRequestId.run(request.id, () => throughApollo.call(server, request, reply));
      const { status, headers, text } = await shortWay.answer(known, contextOf(request, reply));
      void reply.code(status).headers(headers);
      return text;
    },
  });
}
