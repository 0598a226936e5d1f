// Addresses that must not be written to are remembered as keyed hashes: the table tells nobody whose they are.
import { createHmac, hkdfSync } from 'node:crypto';

export interface AddressHash {
  /** What is stored. */
  of(address: string): string;
  /** What may have been stored, with older keys of the ring too. */
  all(address: string): string[];
}

/** @param keys the sealing ring; the keys of the hashes are derived from it. */
export function addressHasher(
  keys: readonly { readonly kid: string; readonly secret: string }[],
): AddressHash {
  const derived = keys.map(({ secret }) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'caregraph address hash', 32)),
  );
  const all = (address: string): string[] =>
    derived.map((key) => createHmac('sha256', key).update(address.trim().toLowerCase()).digest('base64url'));
  return {
    all,
    of: (address) => {
      const [first] = all(address);
      if (first === undefined) throw new Error('No sealing key.');
      return first;
    },
  };
}
