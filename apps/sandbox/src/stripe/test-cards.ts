// Stripe's published test cards, by number and by the payment method ids that stand for them, and what each does.

export interface CardBehaviour {
  /** Refused when it is charged: Stripe's error code and the issuer's decline code. */
  readonly decline?: { readonly code: string; readonly declineCode: string; readonly message: string };
  /** Attaching it to a customer works, although charging it is declined. */
  readonly attachesAnyway?: boolean;
  /** Asks for 3D Secure whenever it is charged. */
  readonly authentication?: boolean;
  /** How a refund to it goes on after the first answer. */
  readonly refund?: 'pending-then-succeeded' | 'succeeded-then-failed';
}

export interface TestCard extends CardBehaviour {
  readonly number: string;
  readonly brand: 'visa' | 'mastercard' | 'amex' | 'discover';
  readonly funding: 'credit' | 'debit';
}

const declined = (declineCode: string, code = 'card_declined', message = 'Your card was declined.') => ({
  decline: { code, declineCode, message },
});
const insufficientFunds = declined(
  'insufficient_funds',
  'card_declined',
  'Your card has insufficient funds.',
);
const visa = (number: string, behaviour: CardBehaviour = {}): TestCard => ({
  number,
  brand: 'visa',
  funding: 'credit',
  ...behaviour,
});

/** By the payment method id that Stripe documents for it. */
export const testCards: Readonly<Record<string, TestCard>> = {
  pm_card_visa: visa('4242424242424242'),
  pm_card_visa_debit: { number: '4000056655665556', brand: 'visa', funding: 'debit' },
  pm_card_mastercard: { number: '5555555555554444', brand: 'mastercard', funding: 'credit' },
  pm_card_amex: { number: '378282246310005', brand: 'amex', funding: 'credit' },
  pm_card_discover: { number: '6011111111111117', brand: 'discover', funding: 'credit' },
  pm_card_visa_chargeDeclined: visa('4000000000000002', declined('generic_decline')),
  pm_card_visa_chargeDeclinedInsufficientFunds: visa('4000000000009995', insufficientFunds),
  pm_card_visa_chargeDeclinedLostCard: visa('4000000000009987', declined('lost_card')),
  pm_card_visa_chargeDeclinedStolenCard: visa('4000000000009979', declined('stolen_card')),
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: visa(
    '4000000000006975',
    declined('card_velocity_exceeded'),
  ),
  pm_card_chargeDeclinedExpiredCard: visa(
    '4000000000000069',
    declined('expired_card', 'expired_card', 'Your card has expired.'),
  ),
  pm_card_chargeDeclinedIncorrectCvc: visa(
    '4000000000000127',
    declined('incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."),
  ),
  pm_card_chargeDeclinedProcessingError: visa(
    '4000000000000119',
    declined(
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  ),
  pm_card_chargeCustomerFail: visa('4000000000000341', {
    ...declined('generic_decline'),
    attachesAnyway: true,
  }),
  pm_card_radarBlock: visa('4100000000000019', declined('fraudulent')),
  pm_card_authenticationRequired: visa('4000002760003184', { authentication: true }),
  pm_card_threeDSecure2Required: visa('4000000000003220', { authentication: true }),
  pm_card_threeDSecureRequired: visa('4000000000003063', { authentication: true }),
  pm_card_threeDSecureRequiredChargeDeclined: visa('4000008400001629', {
    authentication: true,
    ...declined('generic_decline'),
  }),
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: visa('4000008260003178', {
    authentication: true,
    ...insufficientFunds,
  }),
  pm_card_pendingRefund: visa('4000000000007726', { refund: 'pending-then-succeeded' }),
  pm_card_refundFail: visa('4000000000005126', { refund: 'succeeded-then-failed' }),
};

const cardsByNumber = new Map(Object.values(testCards).map((card) => [card.number, card]));

/** Stripe writes some ids with and some without the brand; both spellings are taken here. */
export const cardById = (id: string): TestCard | undefined =>
  testCards[id] ?? testCards[id.replace(/^pm_card_/, 'pm_card_visa_')];

export const cardByNumber = (number: string): TestCard | undefined =>
  cardsByNumber.get(number.replaceAll(/[ -]/g, ''));
