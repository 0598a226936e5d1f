// The documents that a client was built with, as its build writes them down: Apollo's persisted query manifest, which
// other tools write too. The id is what the client sends in the place of the text.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const trustedOperation = z.object({
  id: z.string().min(1).max(256),
  name: z.string().min(1),
  type: z.enum(['query', 'mutation', 'subscription']),
  body: z.string().min(1),
});
export type TrustedOperation = z.infer<typeof trustedOperation>;

export const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(trustedOperation),
});
export type Manifest = z.infer<typeof manifest>;

/** The usual id of a document: lower-case hexadecimal SHA-256 of its text. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
