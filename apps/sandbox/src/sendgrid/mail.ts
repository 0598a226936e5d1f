// One mail to one recipient, and what becomes of it. The recipient's address says what: `bounce@…` or `ann+bounce@…`.
import { randomBytes, randomUUID } from 'node:crypto';
import type { MailSendBody } from './mail-send.schema.js';

/** What can become of a mail, in the order in which SendGrid tells it. */
const fates = {
  deliver: ['processed', 'delivered'],
  bounce: ['processed', 'bounce'],
  block: ['processed', 'bounce'],
  drop: ['dropped'],
  defer: ['processed', 'deferred', 'delivered'],
  spam: ['processed', 'delivered', 'spamreport'],
} as const;

export type Fate = keyof typeof fates;
export type MailEventType = (typeof fates)[Fate][number];

export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly content: readonly { type: string; value: string }[];
  readonly customArgs: Readonly<Record<string, string | number | boolean>>;
  readonly categories: readonly string[];
  readonly sentAt: string;
  /** The last thing SendGrid told about it. */
  state: 'accepted' | MailEventType;
}

export type MailEvent = Readonly<Record<string, unknown>>;

export const fateOf = (address: string): Fate => {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const word = local.split('+').at(-1) ?? '';
  return word in fates ? (word as Fate) : 'deliver';
};

export const newMessageId = (): string => randomBytes(16).toString('base64url');

/** One mail per recipient in to, cc and bcc of each personalization. */
export function mailsOf(body: MailSendBody, messageId: string, now: Date): Mail[] {
  return body.personalizations.flatMap((part) =>
    [...part.to, ...(part.cc ?? []), ...(part.bcc ?? [])].map(({ email }) => ({
      messageId,
      to: email,
      from: (part.from ?? body.from).email,
      subject: part.subject ?? body.subject ?? '',
      content: body.content ?? [],
      customArgs: { ...body.custom_args, ...part.custom_args },
      categories: body.categories ?? [],
      sentAt: now.toISOString(),
      state: 'accepted' as const,
    })),
  );
}

/** The events that SendGrid will send about the mail, first to last. */
export function eventsOf(mail: Mail, nowSeconds: number): { type: MailEventType; event: MailEvent }[] {
  const fate = fateOf(mail.to);
  return fates[fate].map((type) => ({
    type,
    event: {
      // Custom arguments lie flat among SendGrid's own fields, which win.
      ...mail.customArgs,
      email: mail.to,
      timestamp: nowSeconds,
      'smtp-id': `<${mail.messageId}@geopod-ismtpd-1>`,
      event: type,
      ...(mail.categories.length > 0 && { category: mail.categories }),
      sg_event_id: randomUUID(),
      sg_message_id: `${mail.messageId}.recvd-sandbox-1-0`,
      ...detailsOf(type, fate),
    },
  }));
}

function detailsOf(type: MailEventType, fate: Fate): object {
  switch (type) {
    case 'delivered':
      return { response: '250 OK' };
    case 'deferred':
      return { response: '400 try again later', attempt: '1' };
    case 'dropped':
      return { reason: 'Bounced Address', status: '5.0.0' };
    case 'bounce':
      return fate === 'block'
        ? { type: 'blocked', reason: '421 message temporarily refused', status: '4.0.0' }
        : { type: 'bounce', reason: '550 5.1.1 The email account does not exist', status: '5.1.1' };
    case 'processed':
    case 'spamreport':
      return {};
  }
}
