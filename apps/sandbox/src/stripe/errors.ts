// Stripe's own words for "no". The body's shape is documented at Stripe under "Errors".
import type { Answer, VendorFailures } from '../world/exchange.js';

export interface ErrorBody {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly [also: string]: unknown;
}

export class StripeRefusal extends Error {
  override readonly name = 'StripeRefusal';

  constructor(
    readonly status: number,
    readonly body: ErrorBody,
  ) {
    super(body.message);
  }

  get answer(): Answer {
    const { code } = this.body;
    return {
      status: this.status,
      body: {
        error: {
          ...this.body,
          ...(code && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
        },
      },
    };
  }
}

/** A parameter is wrong. Nothing is kept under the idempotency key. */
export class InvalidParameter extends StripeRefusal {
  constructor(message: string, param?: string, code?: string) {
    super(400, { type: 'invalid_request_error', message, ...(param && { param }), ...(code && { code }) });
  }
}

/** The request was understood and ran, and the state does not allow it. Kept under the idempotency key. */
export const notAllowed = (message: string, extra: Partial<ErrorBody> = {}): StripeRefusal =>
  new StripeRefusal(400, { type: 'invalid_request_error', ...extra, message });

export const missing = (noun: string, id: string, param = 'id'): StripeRefusal =>
  new StripeRefusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  });

export const stripeFailures: VendorFailures = {
  vendor: 'stripe',
  tooManyRequests: (retryAfterSeconds) => ({
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: {
      error: {
        type: 'invalid_request_error',
        code: 'rate_limit',
        message:
          'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
      },
    },
  }),
  // The real API tells its clients not to repeat a request whose key would only replay the failure.
  internalError: () => ({
    status: 500,
    headers: { 'stripe-should-retry': 'false' },
    body: { error: { type: 'api_error', message: 'An unknown error occurred' } },
  }),
};
