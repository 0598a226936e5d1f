// The identity provider as one part of the sandbox.
import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import { demoRoutes } from './demo-token.routes.js';
import { SigningKeys } from './keys.js';
import { loginRoutes } from './login.routes.js';
import { memory } from './memory.js';
import { buildProvider, mountPath } from './provider.js';
import { Users } from './users.js';

export interface IdentityStandIn {
  /** Must be called once, when the address is known, before the first request. */
  open(issuer: string): void;
}

export async function openIdentity(
  app: FastifyInstance,
  usersFile: string | undefined,
): Promise<IdentityStandIn> {
  const users = new Users(usersFile);
  const keys = await SigningKeys.generate();
  const adapter = memory();
  let provider: Provider | undefined;
  const current = (): Provider => {
    if (!provider) throw new Error('The identity provider has no issuer yet.');
    return provider;
  };
  const open = (issuer: string): void => {
    provider = buildProvider({ issuer, users, keys, adapter });
  };

  loginRoutes(app, users, current);
  demoRoutes(app, {
    users,
    keys,
    issuer: () => current().issuer,
    // The provider takes its keys when it is made; sessions and codes live in the adapter.
    rotated: () => {
      open(current().issuer);
    },
  });
  // The library reads the request by itself, so fastify must leave the body alone here.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, parsed) => {
      parsed(null);
    });
    scope.all(`${mountPath}/*`, async (request, reply) => {
      reply.hijack();
      const url = request.raw.url ?? '';
      Object.assign(request.raw, { originalUrl: url, url: url.slice(mountPath.length) });
      await current().callback()(request.raw, reply.raw);
    });
    done();
  });
  return { open };
}
