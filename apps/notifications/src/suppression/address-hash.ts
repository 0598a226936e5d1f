// Addresses that must not be written to are remembered as keyed hashes: the table tells nobody whose they are.
import { createHmac, hkdfSync } from 'node:crypto';
import { firstOf, type Key } from '@caregraph/runtime';

export interface AddressHash {
  /** What is stored. */
  of(address: string): string;
  /** What may have been stored, with older keys of the ring too. */
  all(address: string): string[];
}

/**
 * @param ring the blind index' own keys: the first hashes what is stored, all are looked up. A key stays as long as a
 * suppression that it hashed, since nobody can hash an address anew that nobody knows any more.
 */
export function addressHasher(ring: Iterable<Key>): AddressHash {
  const of = (address: string, { secret }: Key): string =>
    createHmac('sha256', derived(secret)).update(address.trim().toLowerCase()).digest('base64url');
  return {
    of: (address) => of(address, firstOf(ring)),
    all: (address) => [...ring].map((key) => of(address, key)),
  };
}

const derived = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'caregraph address hash', 32));
