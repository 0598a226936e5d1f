// What Stripe's errors mean for an order: it was refused, it may have been carried out, or it was not looked at yet.
import { Stripe } from 'stripe';
import { AnswerSpoilt, NotAccepted } from '../processor/processor.js';

const { StripeAPIError, StripeCardError, StripeIdempotencyError, StripeInvalidRequestError } = Stripe.errors;

/** Stripe tells what to do about a rate limit by this code, under the type of an invalid request. */
const rateLimit = 429;
/** Another request holds the key at this moment. */
const conflict = 409;

/**
 * The refusal that the error stands for. Throws everything else: a lost answer and a rate limit as they are, so that
 * the job comes again with the same key, and what Stripe would only repeat under that key as AnswerSpoilt.
 */
export function refusalOf(error: unknown): NotAccepted {
  if (error instanceof StripeIdempotencyError && error.statusCode !== conflict)
    throw new AnswerSpoilt(error.message);
  if (error instanceof StripeAPIError) throw new AnswerSpoilt(error.message);
  const refused = error instanceof StripeInvalidRequestError || error instanceof StripeCardError;
  if (!refused || error.statusCode === rateLimit) throw error;
  return new NotAccepted(error.decline_code ?? error.code ?? error.type);
}

/** The intent that a declined card leaves behind, which Stripe sends along with the error. */
export const declinedIntent = (error: unknown): Stripe.PaymentIntent | undefined =>
  error instanceof StripeCardError ? error.payment_intent : undefined;
