// What SendGrid tells of a mail, and what it means for our notification.
import { z } from 'zod';
import type { SuppressionCause } from '../suppression/suppressions.js';

/** Names of SendGrid; ours come back among them. Others, and events of mails that are not ours, are left alone. */
export const mailEvent = z.object({
  sg_event_id: z.string().min(1).max(200),
  sg_message_id: z.string().max(300).optional(),
  event: z.string().max(50),
  /** Of a bounce: `bounce` for good, `blocked` for now. */
  type: z.string().max(50).optional(),
  timestamp: z.number().int().min(0).max(32_503_680_000),
  notification_id: z.uuid().optional().catch(undefined),
});
export type MailEvent = z.infer<typeof mailEvent>;

export type Meaning =
  | { readonly kind: 'ACCEPTED' | 'DELIVERED' | 'NOTHING' }
  | { readonly kind: 'BOUNCED' | 'COMPLAINED'; readonly suppress: SuppressionCause }
  | { readonly kind: 'FAILED'; readonly reason: string; readonly suppress?: SuppressionCause };

export function meaningOf({ event, type }: Pick<MailEvent, 'event' | 'type'>): Meaning {
  switch (event) {
    // A deferred mail is still under way: SendGrid tries for three days.
    case 'processed':
    case 'deferred':
      return { kind: 'ACCEPTED' };
    case 'delivered':
      return { kind: 'DELIVERED' };
    case 'bounce':
      // Refused for now by the recipient's server, but not tried again: the address itself is good.
      return type === 'blocked'
        ? { kind: 'FAILED', reason: 'BLOCKED' }
        : { kind: 'BOUNCED', suppress: 'BOUNCE' };
    // SendGrid's own list has the address.
    case 'dropped':
      return { kind: 'FAILED', reason: 'DROPPED', suppress: 'DROPPED' };
    case 'spamreport':
      return { kind: 'COMPLAINED', suppress: 'SPAM_REPORT' };
    default:
      return { kind: 'NOTHING' };
  }
}
