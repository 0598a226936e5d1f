// Partners' keys, as they come in `Authorization: Bearer`: told apart from access tokens by how they begin.
import { createHash } from 'node:crypto';

const form = /^cg_[\w-]{20,200}$/;

export const looksLikePartnerKey = (presented: string): boolean => presented.startsWith('cg_');

/** The name under which a key is known; undefined for what cannot be one. */
export const hashOfKey = (presented: string): string | undefined =>
  form.test(presented) ? createHash('sha256').update(presented).digest('base64url') : undefined;

export const accountOfKey = (id: string): string => `partner-key:${id}`;
export const isAccountOfKey = (account: string): boolean => account.startsWith('partner-key:');
