// A slot's signed offer: what scheduling promises and booking believes, without a call between the two.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Offer {
  readonly practiceId: string;
  readonly providerId: string;
  readonly appointmentTypeId: string;
  readonly locationId: string;
  /** Rooms and equipment to claim with the provider; at most 3. */
  readonly resourceIds: readonly string[];
  readonly start: Date;
  /** After it the offer is worth nothing: 10 minutes after it was made. */
  readonly expiresAt: Date;
  readonly expectedMode: 'INSTANT' | 'REQUEST';
  readonly appointmentTypeVersion: number;
  readonly providerVersion: number;
  /** Rules that staff overruled on purpose, as a set of bits; 0 for a patient's offer. */
  readonly overruled: number;
}

/** `kid:secret`, the first signs, all are accepted. */
export interface OfferKey {
  readonly kid: string;
  readonly secret: string;
}

export type OfferFault = 'MALFORMED' | 'FOREIGN' | 'EXPIRED';

const version = 1;
const signatureBytes = 16;
const fixedBytes = 1 + 4 * 16 + 6 + 6 + 1 + 4 + 4 + 2 + 1;
const mostResources = 3;

/** Signs with the ring's first key; the text is under 250 characters. Throws on more than 3 resources. */
export function signOffer(offer: Offer, ring: Iterable<OfferKey>): string {
  const [key] = ring;
  if (!key) throw new Error('No key to sign offers with.');
  if (offer.resourceIds.length > mostResources)
    throw new Error(`An offer names at most ${mostResources} resources.`);
  const body = encode(offer);
  return `${key.kid}.${Buffer.concat([body, signature(key, body)]).toString('base64url')}`;
}

/** Reads an offer that one of the ring's keys signed and that has not expired; else says what is wrong with it. */
export function readOffer(text: string, ring: Iterable<OfferKey>, now: Date): Offer | OfferFault {
  const dot = text.indexOf('.');
  if (dot < 1 || text.length > 250) return 'MALFORMED';
  const bytes = Buffer.from(text.slice(dot + 1), 'base64url');
  if (bytes.length < fixedBytes + signatureBytes || (bytes.length - fixedBytes - signatureBytes) % 16 !== 0)
    return 'MALFORMED';
  const key = [...ring].find(({ kid }) => kid === text.slice(0, dot));
  if (!key) return 'FOREIGN';
  const body = bytes.subarray(0, bytes.length - signatureBytes);
  if (!timingSafeEqual(signature(key, body), bytes.subarray(bytes.length - signatureBytes))) return 'FOREIGN';
  const offer = decode(body);
  if (!offer) return 'MALFORMED';
  return offer.expiresAt > now ? offer : 'EXPIRED';
}

const signature = (key: OfferKey, body: Uint8Array): Buffer =>
  // The words in front keep the same secret from signing anything else that looks alike.
  createHmac('sha256', key.secret)
    .update('caregraph-offer')
    .update(body)
    .digest()
    .subarray(0, signatureBytes);

function encode(offer: Offer): Buffer {
  const body = Buffer.alloc(fixedBytes + offer.resourceIds.length * 16);
  let at = body.writeUInt8(version, 0);
  for (const id of [offer.practiceId, offer.providerId, offer.appointmentTypeId, offer.locationId])
    at = writeId(body, id, at);
  at = body.writeUIntBE(offer.start.getTime(), at, 6);
  at = body.writeUIntBE(offer.expiresAt.getTime(), at, 6);
  at = body.writeUInt8(offer.expectedMode === 'INSTANT' ? 1 : 0, at);
  at = body.writeUInt32BE(offer.appointmentTypeVersion, at);
  at = body.writeUInt32BE(offer.providerVersion, at);
  at = body.writeUInt16BE(offer.overruled, at);
  at = body.writeUInt8(offer.resourceIds.length, at);
  for (const id of offer.resourceIds) at = writeId(body, id, at);
  return body;
}

function decode(body: Buffer): Offer | undefined {
  if (body.readUInt8(0) !== version) return undefined;
  const ids = [0, 1, 2, 3].map((index) => readId(body, 1 + index * 16));
  const [practiceId = '', providerId = '', appointmentTypeId = '', locationId = ''] = ids;
  const at = 1 + 4 * 16;
  return {
    practiceId,
    providerId,
    appointmentTypeId,
    locationId,
    start: new Date(body.readUIntBE(at, 6)),
    expiresAt: new Date(body.readUIntBE(at + 6, 6)),
    expectedMode: body.readUInt8(at + 12) === 1 ? 'INSTANT' : 'REQUEST',
    appointmentTypeVersion: body.readUInt32BE(at + 13),
    providerVersion: body.readUInt32BE(at + 17),
    overruled: body.readUInt16BE(at + 21),
    resourceIds: Array.from({ length: body.readUInt8(at + 23) }, (_, index) =>
      readId(body, fixedBytes + index * 16),
    ),
  };
}

const writeId = (body: Buffer, id: string, at: number): number => {
  Buffer.from(id.replaceAll('-', ''), 'hex').copy(body, at);
  return at + 16;
};

const readId = (body: Buffer, at: number): string =>
  body.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
