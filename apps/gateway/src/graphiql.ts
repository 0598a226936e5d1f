// The query page for development. It is bundled whole and asks nobody but this server, which its policy enforces.
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Not a literal, so that the production bundle leaves the nine megabytes out. */
const renderer = '@graphql-yoga/render-graphiql';

interface Renderer {
  readonly renderGraphiQL: (options: Readonly<Record<string, unknown>>) => string;
}

const firstQuery = `# To be somebody, put a token into the headers below: {"Authorization": "Bearer ..."}
query Practices {
  practices(first: 2) {
    edges {
      node {
        id
        name
      }
    }
  }
}
`;

const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  'worker-src blob:',
  "connect-src 'self'",
].join('; ');

/** Renders the page once; returns how to send it. */
export async function graphiql(): Promise<(reply: FastifyReply) => FastifyReply> {
  const { renderGraphiQL } = (await import(renderer)) as Renderer;
  const page = renderGraphiQL({
    title: 'Caregraph',
    endpoint: '/graphql',
    subscriptionsEndpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: firstQuery,
    shouldPersistHeaders: true,
  });
  return (reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page);
}

/** A browser that opens the endpoint, as against a client that queries it. */
export const opensPage = ({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true;
