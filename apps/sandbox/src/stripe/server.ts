// Stripe's API over HTTP: keys, versions, idempotency, and the routes of all operations.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { exchange, type Answer, type Effect } from '../world/exchange.js';
import type { World } from '../world/world.js';
import { apiVersion, type Account } from './account.js';
import { chargeOperations } from './charge.js';
import { customerOperations } from './customer.js';
import { InvalidParameter, stripeFailures, StripeRefusal } from './errors.js';
import { eventOperations } from './event.operations.js';
import { expanded } from './expand.js';
import { decodeForm, type Form, type FormValue } from './form.js';
import { IdempotencyKeys, type Keep } from './idempotency.js';
import { newId } from './ids.js';
import type { Operation, Prepared } from './operation.js';
import { paymentIntentOperations } from './payment-intent.operations.js';
import { paymentMethodOperations } from './payment-method.js';
import { refundOperations } from './refund.js';

export const operations: readonly Operation[] = [
  ...customerOperations,
  ...paymentMethodOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...refundOperations,
  ...eventOperations,
];

export function stripeRoutes(app: FastifyInstance, world: World, account: Account): void {
  const keys = new IdempotencyKeys(world.journal.shelf('stripe.idempotency'), () => world.clock.now());
  // A scope of its own, so that only Stripe's routes read forms.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request: FastifyRequest, body: string, parsed: (error: null, form: Form) => void) => {
        parsed(null, decodeForm(body));
      },
    );
    for (const operation of operations) {
      scope.route({
        method: operation.method,
        url: operation.path,
        handler: (request, reply) =>
          exchange(world, stripeFailures, request, reply, (effect) =>
            answerTo(request, operation, account, keys, effect),
          ),
      });
    }
    done();
  });
}

async function answerTo(
  request: FastifyRequest,
  operation: Operation,
  account: Account,
  keys: IdempotencyKeys,
  effect: Effect,
): Promise<Answer> {
  const requestId = newId('req');
  const answer = await refusable(async () => {
    const secret = secretKeyOf(request);
    assertVersion(request);
    const form =
      operation.method === 'GET' ? decodeForm(request.url.split('?')[1] ?? '') : (request.body ?? {});
    const prepared = operation.prepare(form, request.params as Record<string, string>);
    const key = operation.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined;
    const run = (keep: Keep): Promise<Answer> =>
      effect(() => {
        const origin = { id: requestId, idempotency_key: key ?? null };
        return keep(account.during(origin, () => changeNow(account, prepared)));
      });
    if (!key) return run((given) => given);
    const path = request.url.split('?')[0] ?? '';
    return keys.once(
      { account: secret, key, path, fingerprint: canonical(form as FormValue), requestId },
      run,
    );
  });
  const headers = { 'request-id': requestId, 'stripe-version': apiVersion, ...answer.headers };
  return {
    ...answer,
    headers: { ...headers, 'stripe-should-retry': answer.headers?.['stripe-should-retry'] ?? retry(answer) },
  };
}

/** Stripe tells its SDKs whether asking again can help: only while another request holds the key. */
const retry = ({ status }: Answer): string => String(status === 409);

/** The change and its answer, a refusal included; only a wrong parameter is thrown, so that nothing is kept. */
function changeNow(account: Account, prepared: Prepared): Answer {
  try {
    return { status: 200, body: expanded(account, prepared.run(account), prepared.expand) };
  } catch (error) {
    if (error instanceof InvalidParameter || !(error instanceof StripeRefusal)) throw error;
    return error.answer;
  }
}

async function refusable(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StripeRefusal) return error.answer;
    throw error;
  }
}

function secretKeyOf(request: FastifyRequest): string {
  const authorization = headerOf(request, 'authorization') ?? '';
  const basic = /^Basic (.+)$/i.exec(authorization)?.[1];
  const key = basic
    ? (Buffer.from(basic, 'base64').toString().split(':')[0] ?? '')
    : authorization.replace(/^Bearer /i, '');
  if (/^(sk|rk)_test_\w+$/.test(key)) return key;
  throw new StripeRefusal(401, {
    type: 'invalid_request_error',
    message: key
      ? `Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}. The sandbox takes any key that begins with sk_test_ and never a live one.`
      : 'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
  });
}

function assertVersion(request: FastifyRequest): void {
  const version = headerOf(request, 'stripe-version') ?? apiVersion;
  if (version === apiVersion) return;
  throw new InvalidParameter(
    `Invalid Stripe API version: ${version}. The sandbox speaks ${apiVersion} only.`,
  );
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The same parameters in another order are the same parameters. */
function canonical(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? '')}`).join()}}`;
}
