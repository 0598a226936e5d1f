// A partner's key as text: told once, stored as its hash. 256 random bits cannot be guessed, so a plain hash will do.
import { createHash, randomBytes } from 'node:crypto';

/** Shows people, and scanners for lost secrets, whose key it is. */
const prefix = 'cg_';

export const newKeyText = (): string => prefix + randomBytes(32).toString('base64url');

/** SHA-256 of the whole text, base64url. */
export const keyHash = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** What tells keys of one partner apart in a list. */
export const keyHint = (text: string): string => text.slice(-4);
