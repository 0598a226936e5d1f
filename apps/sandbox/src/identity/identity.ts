// The identity provider as one part of the sandbox.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { Shelf } from '../world/journal.js';
import type { World } from '../world/world.js';
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
  { journal }: World,
  usersFile: string | undefined,
): Promise<IdentityStandIn> {
  const users = new Users(usersFile);
  const keys = await SigningKeys.on(journal.shelf('identity.keys'));
  const adapter = memory(journal);
  const cookieKey = cookieKeyOn(journal.shelf('identity.cookies'));
  let provider: Provider | undefined;
  const current = (): Provider => {
    if (!provider) throw new Error('The identity provider has no issuer yet.');
    return provider;
  };
  const open = (issuer: string): void => {
    provider = buildProvider({ issuer, users, keys, cookieKey, adapter });
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

/** The same as long as there are sessions: neither a change of signing keys nor a restart must log anybody out. */
function cookieKeyOn(shelf: Shelf<string>): string {
  const key = shelf.get('signing') ?? randomBytes(32).toString('base64url');
  shelf.set('signing', key);
  return key;
}
