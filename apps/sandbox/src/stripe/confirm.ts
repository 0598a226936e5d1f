// Confirming a PaymentIntent: find the card, perhaps ask for 3D Secure, then charge or hold, or be declined.
import type { Stripe } from 'stripe';
import { idOf, raise, type Account } from './account.js';
import { newCharge } from './charge.js';
import { notAllowed, StripeRefusal, type ErrorBody } from './errors.js';
import { newId } from './ids.js';
import { statusRefusal, type ConfirmInput } from './payment-intent.js';
import { attach, cardOf, findPaymentMethod } from './payment-method.js';

/** What makes confirming impossible before anything is tried. Throws; changes nothing. */
export function assertConfirmable(intent: Stripe.PaymentIntent, input: ConfirmInput): void {
  const refusal = statusRefusal(intent, 'confirm');
  if (refusal) throw refusal;
  if (intent.automatic_payment_methods?.allow_redirects === 'always' && !input.return_url) {
    throw notAllowed(
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
      { param: 'return_url' },
    );
  }
}

/** Puts the payment method on the intent; one that belongs to another customer, or was used up, is refused. */
export function setPaymentMethod(account: Account, intent: Stripe.PaymentIntent, id: string): void {
  const method = findPaymentMethod(account, id);
  const owner = idOf(method.customer);
  if (owner && owner !== idOf(intent.customer)) {
    throw notAllowed(
      `The PaymentMethod ${method.id} belongs to a Customer${intent.customer ? ' other than the one provided' : ''}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
      { param: 'payment_method' },
    );
  }
  if (!owner && isUsedUp(account, method)) {
    throw notAllowed(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
      { param: 'payment_method' },
    );
  }
  intent.payment_method = method.id;
  intent.status = 'requires_confirmation';
}

const isUsedUp = (account: Account, { id }: Stripe.PaymentMethod): boolean =>
  [...account.charges.values()].some((charge) => charge.payment_method === id && charge.paid);

export function confirm(
  account: Account,
  intent: Stripe.PaymentIntent,
  input: ConfirmInput,
): Stripe.PaymentIntent {
  const method = findPaymentMethod(account, paymentMethodOf(intent));
  const card = cardOf(account, method);
  if (!card.authentication) return charge(account, intent);

  if (input.off_session || input.error_on_requires_action) {
    const message = 'Your card was declined. This transaction requires authentication.';
    throw decline(account, intent, {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message,
    });
  }
  intent.status = 'requires_action';
  intent.next_action = nextAction(intent, input.return_url);
  account.emit('payment_intent.requires_action', intent);
  return intent;
}

/** The patient has answered the bank's question, or given up. */
export function authenticate(
  account: Account,
  intent: Stripe.PaymentIntent,
  succeeded: boolean,
): Stripe.PaymentIntent {
  if (intent.status !== 'requires_action') {
    throw notAllowed(
      `This PaymentIntent has a status of ${intent.status}; there is nothing to authenticate.`,
    );
  }
  intent.next_action = null;
  if (succeeded) return charge(account, intent);
  const message =
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.';
  decline(account, intent, {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message,
  });
  return intent;
}

function charge(account: Account, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const method = findPaymentMethod(account, paymentMethodOf(intent));
  const card = cardOf(account, method);
  const attempt = newCharge(account, intent, method, card);
  intent.latest_charge = attempt.id;
  if (card.decline) {
    account.emit('charge.failed', attempt);
    const { code, declineCode, message } = card.decline;
    const refused = {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message,
      charge: attempt.id,
    } as const;
    throw decline(account, intent, refused);
  }
  if (intent.setup_future_usage && intent.customer && !method.customer) {
    attach(account, method, idOf(intent.customer) ?? '');
  }
  intent.last_payment_error = null;
  if (intent.capture_method === 'manual') {
    intent.status = 'requires_capture';
    intent.amount_capturable = intent.amount;
    account.emit('charge.succeeded', attempt);
    account.emit('payment_intent.amount_capturable_updated', intent);
  } else {
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    account.emit('charge.succeeded', attempt);
    account.emit('payment_intent.succeeded', intent);
  }
  return intent;
}

/** The intent goes back to wanting a payment method and remembers why; the answer shows both. */
function decline(account: Account, intent: Stripe.PaymentIntent, error: ErrorBody): StripeRefusal {
  const method = account.paymentMethods.get(paymentMethodOf(intent));
  intent.last_payment_error = structuredClone({ ...error, payment_method: method });
  intent.payment_method = null;
  intent.status = 'requires_payment_method';
  account.emit('payment_intent.payment_failed', intent);
  return new StripeRefusal(
    402,
    structuredClone({ ...error, payment_intent: intent, payment_method: method }),
  );
}

function paymentMethodOf(intent: Stripe.PaymentIntent): string {
  return (
    idOf(intent.payment_method) ??
    raise(
      notAllowed(
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
        { code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) },
      ),
    )
  );
}

function nextAction(
  intent: Stripe.PaymentIntent,
  returnUrl: string | undefined,
): Stripe.PaymentIntent.NextAction {
  const url = `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent.id}`;
  return returnUrl
    ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
    : {
        type: 'use_stripe_sdk',
        use_stripe_sdk: { type: 'three_d_secure_redirect', source: newId('src'), stripe_js: url },
      };
}
