// What the replica that took an event tells all replicas, in the transaction that keeps the copy: told on commit.
import { z } from 'zod';
import type { EntityManager } from '@mikro-orm/postgresql';

export const knownChannel = 'known';

const notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('memberships'), account: z.string() }),
  // Whole, so that nobody has to read it.
  z.object({
    kind: z.literal('revoked'),
    account: z.string(),
    sessionId: z.string().nullable(),
    issuedBefore: z.coerce.date(),
    endsAt: z.coerce.date(),
  }),
  z.object({ kind: z.literal('partner-keys') }),
  z.object({ kind: z.literal('flags') }),
]);
export type Notice = z.infer<typeof notice>;

/** Undefined for one that only another version knows: the regular reading finds what it is about. */
export const readNotice = (text: string): Notice | undefined => {
  try {
    return notice.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export async function tell(em: EntityManager, told: Notice): Promise<void> {
  await em.execute('select pg_notify(?, ?)', [knownChannel, JSON.stringify(told)]);
}
