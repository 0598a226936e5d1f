// What a partner can be allowed: the scopes that the graph asks for. A spec holds them against the supergraph.

/** Each scope that a partner's key may have, and what it lets the partner do. */
export const partnerScopes: Readonly<Record<string, string>> = {
  'appointments:read': 'Reads the appointments of the practice.',
  'appointments:write':
    'Registers patients, books for them, and changes what keys of the practice have booked.',
};

/** The scopes that nobody knows; a key with one would promise what it cannot keep. */
export const unknownScopes = (scopes: readonly string[]): string[] =>
  scopes.filter((scope) => !Object.hasOwn(partnerScopes, scope));
