// A small subgraph for specs: real HTTP, the real subgraphs' sockets, and the viewer token verified as they do.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { viewerVerifier, type Viewer, type ViewerVerifier } from '@caregraph/runtime';
import { serveSubscriptions, type RequestDeps } from '@caregraph/subgraph';

interface Context {
  readonly viewer: Viewer;
}
type Resolver =
  | GraphQLFieldResolver<unknown, Context>
  | { subscribe: GraphQLFieldResolver<unknown, Context> }
  | ((reference: { readonly id: string }, context: Context) => unknown);

export interface FakeSubgraphOptions {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Record<string, Record<string, Resolver>>;
}

export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly viewer: Viewer;
}

export interface FakeSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: URL;
  readonly keys: readonly { readonly kid: string; readonly secret: string }[];
  /** What arrived over HTTP, in order. */
  readonly calls: Call[];
  /** What its `/health` says; can be set. */
  readonly health: { status: string };
  /** Breaks all connections, and takes new ones. */
  drop(): void;
  /** Ends at once, as a killed process does. */
  kill(): Promise<void>;
}

export async function startFakeSubgraph({
  name,
  sdl,
  resolvers,
}: FakeSubgraphOptions): Promise<FakeSubgraph> {
  const keys = [{ kid: 'k1', secret: `${name}-secret-of-at-least-32-characters` }];
  const verify = viewerVerifier(name, keys);
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  const calls: Call[] = [];
  const health = { status: 'healthy' };
  const server = serveQueries(schema, verify, calls, health);
  const depsOf = (viewer: Viewer): RequestDeps => ({ viewer, requestId: viewer.requestId }) as RequestDeps;
  serveSubscriptions({ server, schema, verify, depsOf });
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const drop = (): void => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);

  return {
    name,
    sdl,
    url,
    keys,
    calls,
    health,
    drop,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        drop();
      }),
  };
}

function serveQueries(
  schema: GraphQLSchema,
  verify: ViewerVerifier,
  calls: Call[],
  health: { readonly status: string },
): Server {
  const answer = async (headers: IncomingHttpHeaders, body: string): Promise<string> => {
    const viewer = await verify(headers['x-caregraph-viewer'] as string | undefined, body);
    calls.push({ headers, body, viewer });
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const contextValue = { viewer };
    return JSON.stringify(await graphql({ schema, source: query, variableValues: variables, contextValue }));
  };
  return createServer((request, response) => {
    if (request.url === '/healthz') {
      response.end('ok');
      return;
    }
    if (request.url === '/health') {
      // With figures, as a real one's: they must not get out.
      const report = { status: health.status, checks: { pendingRequests: { value: 4711, limit: 100 } } };
      response.writeHead(health.status === 'unhealthy' ? 503 : 200).end(JSON.stringify(report));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      answer(request.headers, Buffer.concat(chunks).toString('utf8')).then(
        (text) => response.end(text),
        () => response.writeHead(401).end('{"errors":[{"message":"The caller is not known."}]}'),
      );
    });
  });
}
