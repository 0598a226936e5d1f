import { generateKeyPairSync, sign } from 'node:crypto';
import { isGenuine, webhookKey } from './signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = webhookKey(publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
const now = 1_790_000_000_000;

const signed = (seconds: number, raw = Buffer.from('[{"event":"delivered"}]\r\n')) => {
  const timestamp = String(seconds);
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), raw]), privateKey).toString(
    'base64',
  );
  return { raw, timestamp, signature };
};

describe('the signature of an event', () => {
  it('is believed over the raw bytes, within five minutes on either side', () => {
    expect(isGenuine(key, signed(now / 1_000), now)).toBe(true);
    expect(isGenuine(key, signed(now / 1_000 - 300), now)).toBe(true);
    expect(isGenuine(key, signed(now / 1_000 - 301), now)).toBe(false);
    expect(isGenuine(key, signed(now / 1_000 + 301), now)).toBe(false);
  });

  it('is refused when body, timestamp or signature were touched, or are missing', () => {
    const good = signed(now / 1_000);
    expect(isGenuine(key, { ...good, raw: Buffer.from(good.raw.toString().trim()) }, now)).toBe(false);
    expect(isGenuine(key, { ...good, timestamp: String(now / 1_000 + 1) }, now)).toBe(false);
    for (const signature of ['', 'AAAA', 'not base64 at all', good.signature.slice(4)]) {
      expect(isGenuine(key, { ...good, signature }, now)).toBe(false);
    }
    for (const timestamp of ['', 'NaN', '1e9', `${good.timestamp} `])
      expect(isGenuine(key, { ...good, timestamp }, now)).toBe(false);
  });

  it('needs a P-256 key, as DER or as PEM', () => {
    expect(webhookKey(publicKey.export({ type: 'spki', format: 'pem' }).toString()).equals(key)).toBe(true);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    expect(() => webhookKey(other.export({ type: 'spki', format: 'der' }).toString('base64'))).toThrow(
      'P-256',
    );
    expect(() => webhookKey('nonsense')).toThrow();
  });
});
