// Identifiers that look like Stripe's: a prefix and 24 letters and digits.
import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const randomText = (length: number): string =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');

export const newId = (prefix: string): string => `${prefix}_${randomText(24)}`;
