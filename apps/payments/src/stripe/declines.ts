// Which of the issuers' words mean that a card must never be tried again. Stripe documents them as "decline codes".
const hard: ReadonlySet<string> = new Set([
  'card_not_supported',
  'currency_not_supported',
  'expired_card',
  'fraudulent',
  'incorrect_number',
  'invalid_account',
  'invalid_number',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
]);

/** @param advice Stripe's own advice, where it gives one; it outranks the code. */
export const isHardDecline = (code: string | null, advice?: string): boolean =>
  advice === 'do_not_try_again' || (code !== null && hard.has(code));
