import { Stripe } from 'stripe';
import { verifiedEvent } from './verify-webhook.js';

const secret = 'whsec_spec';
const body = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  data: { object: {} },
});
const now = new Date('2026-12-01T12:00:00Z');

const signedAt = (offsetSeconds: number, by = secret): string =>
  Stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret: by,
    timestamp: Math.floor(now.getTime() / 1_000) + offsetSeconds,
  });
const verified = (signature: string | undefined, payload = body, secrets = [secret]): string | undefined =>
  verifiedEvent(Buffer.from(payload), signature, secrets, now)?.id;

describe('a webhook of Stripe', () => {
  it('is believed when it is signed, and of now (PY-023)', () => {
    expect(verified(signedAt(0))).toBe('evt_1');
  });

  it.each([-301, 301, 86_400])(
    'is refused when its signature is %i seconds from now, either way (PY-023)',
    (offset) => {
      expect(verified(signedAt(offset))).toBeUndefined();
    },
  );

  it.each([-299, 299])('is believed when its signature is %i seconds from now', (offset) => {
    expect(verified(signedAt(offset))).toBe('evt_1');
  });

  it('is refused without a signature, with another secret, and when one byte was changed (PY-023)', () => {
    expect(verified(undefined)).toBeUndefined();
    expect(verified('t=,v1=')).toBeUndefined();
    expect(verified(signedAt(0, 'whsec_somebody_else'))).toBeUndefined();
    expect(verified(signedAt(0), body.replace('evt_1', 'evt_2'))).toBeUndefined();
  });

  it.each([-900, 900])(
    'is refused when a second time hides that it was signed %i seconds from now',
    (offset) => {
      const present = Math.floor(now.getTime() / 1_000);
      expect(verified(`t=${present},${signedAt(offset)}`)).toBeUndefined();
      expect(verified(`${signedAt(offset)}, t=${present}`)).toBeUndefined();
    },
  );

  it('is believed under either secret while one replaces the other', () => {
    expect(verified(signedAt(0, 'whsec_old'), body, ['whsec_new', 'whsec_old'])).toBe('evt_1');
  });
});
