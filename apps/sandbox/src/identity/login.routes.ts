// The login page's two routes: show who can log in, and log one in.
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import { ControlError, parseControl } from '../world/control.js';
import { amrOf } from './claims.js';
import { loginPage } from './login-page.js';
import { loginPath } from './provider.js';
import type { Users } from './users.js';

const loginInput = z.strictObject({ login: z.string().min(1), mfa: z.literal('true').optional() });

export function loginRoutes(app: FastifyInstance, users: Users, provider: () => Provider): void {
  void app.register(async (scope) => {
    await scope.register(formbody);

    scope.get(`${loginPath}/:uid`, async (request, reply) => {
      const { uid, prompt } = await provider().interactionDetails(request.raw, reply.raw);
      if (prompt.name !== 'consent')
        return reply.type('text/html; charset=utf-8').send(loginPage(uid, users.all()));
      // Asked for by name only; the product's own client has been trusted already.
      reply.hijack();
      await provider().interactionFinished(
        request.raw,
        reply.raw,
        { consent: {} },
        { mergeWithLastSubmission: true },
      );
      return reply;
    });

    scope.post(`${loginPath}/:uid`, async (request, reply) => {
      const { login, mfa } = parseControl(loginInput, request.body);
      const user = users.byLogin(login);
      if (!user) throw new ControlError(`There is no demo user ${login}.`, 404);
      // Asked before the answer is out of our hands, so that a lost session is told as an error.
      await provider().interactionDetails(request.raw, reply.raw);
      reply.hijack();
      await provider().interactionFinished(request.raw, reply.raw, {
        login: { accountId: user.sub, amr: amrOf(mfa === 'true') },
      });
      return reply;
    });
  });
}
