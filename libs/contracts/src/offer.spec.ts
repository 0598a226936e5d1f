import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { readOffer, signOffer, type Offer } from './offer.js';

const now = new Date('2026-12-01T12:00:00Z');
const [old, current] = [
  { kid: 'a', secret: 'one-secret-of-at-least-32-characters-long' },
  { kid: 'b', secret: 'another-secret-of-32-characters-or-more' },
];
const offer = (over: Partial<Offer> = {}): Offer => ({
  practiceId: randomUUID(),
  providerId: randomUUID(),
  appointmentTypeId: randomUUID(),
  locationId: randomUUID(),
  resourceIds: [randomUUID()],
  start: new Date('2026-12-03T15:00:00Z'),
  expiresAt: new Date('2026-12-01T12:10:00Z'),
  expectedMode: 'INSTANT',
  appointmentTypeVersion: 7,
  providerVersion: 4_000_000_000,
  overruled: 3,
  ...over,
});

describe('an offer', () => {
  it('comes back as it was signed, under 250 characters with three resources', () => {
    const made = offer({ resourceIds: [randomUUID(), randomUUID(), randomUUID()] });
    const text = signOffer(made, [current]);
    expect(text.length).toBeLessThan(250);
    expect(readOffer(text, [current], now)).toEqual(made);
  });

  it('is accepted from an older key of the ring, and not from a stranger’s', () => {
    const text = signOffer(offer(), [old]);
    expect(readOffer(text, [current, old], now)).toMatchObject({ overruled: 3 });
    expect(readOffer(text, [current], now)).toBe('FOREIGN');
    expect(readOffer(text, [{ ...old, secret: current.secret }], now)).toBe('FOREIGN');
  });

  it('is over at its expiry', () => {
    const text = signOffer(offer(), [current]);
    expect(readOffer(text, [current], new Date('2026-12-01T12:10:00Z'))).toBe('EXPIRED');
  });

  it('does not survive the change of any bit, nor any other text', () => {
    const text = signOffer(offer(), [current]);
    const bytes = Buffer.from(text.slice(2), 'base64url');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(typeof readOffer(`b.${changed.toString('base64url')}`, [current], now)).toBe('string');
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        (other) => typeof readOffer(other, [current], now) === 'string',
      ),
    );
  });
});
