// Calls SendGrid, which has no idempotency key: what came of a call matters as much as the call.
import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import { describeSpan, failSpan, span } from '@caregraph/runtime';

export interface Mail {
  readonly to: { readonly email: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly notificationId: string;
  readonly appointmentId: string;
}

/**
 * - ACCEPTED: SendGrid has it and will tell what becomes of it.
 * - REFUSED: it never will be taken as it is; the code says why.
 * - NOT_NOW: certainly not taken; may be tried again, after `retryAfterSeconds` if SendGrid named it.
 * - UNKNOWN: it may have been taken. Only an event can tell.
 */
export type SendOutcome =
  | { readonly kind: 'ACCEPTED'; readonly messageId: string | null }
  | { readonly kind: 'REFUSED'; readonly code: string }
  | { readonly kind: 'NOT_NOW'; readonly code: string; readonly retryAfterSeconds: number }
  | { readonly kind: 'UNKNOWN' };

export type SendMail = (mail: Mail) => Promise<SendOutcome>;

export interface SendGridOptions {
  readonly apiKey: string;
  /** SendGrid's own address when left out. */
  readonly apiBase?: string | undefined;
  /** `Name <address>`. */
  readonly from: string;
  readonly timeoutMs?: number;
}

export function openSendGrid({ apiKey, apiBase, from, timeoutMs = 10_000 }: SendGridOptions): SendMail {
  const client = new Client();
  client.setApiKey(apiKey);
  const service = new MailService();
  service.setClient(client);
  service.setTimeout(timeoutMs);
  // Last, because setApiKey puts SendGrid's own address back.
  if (apiBase) client.setDefaultRequest('baseUrl', apiBase);

  const send: SendMail = async (mail) => {
    const { to, subject, text, html } = mail;
    try {
      const [response] = await service.send({
        to,
        from,
        subject,
        text,
        html,
        // They come back with each event; ids only, because SendGrid shows them to whoever reads its log.
        customArgs: { notification_id: mail.notificationId, appointment_id: mail.appointmentId },
        // Tracking would lead each link, and each reading, of a health matter past a third party.
        trackingSettings: {
          clickTracking: { enable: false, enableText: false },
          openTracking: { enable: false },
        },
      });
      return {
        kind: 'ACCEPTED',
        messageId: textOf((response.headers as Record<string, unknown>)['x-message-id']),
      };
    } catch (error) {
      failSpan(error);
      return outcomeOf(error as Failure);
    }
  };
  return (mail) =>
    span(
      'sendgrid send',
      { 'caregraph.vendor': 'sendgrid' },
      async () => {
        const outcome = await send(mail);
        if ('code' in outcome) describeSpan({ 'error.type': outcome.code });
        return outcome;
      },
      { kind: 'client' },
    );
}

interface Failure {
  /** An HTTP status where SendGrid answered, else the network's word. */
  readonly code?: unknown;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/** No connection came about, so nothing was sent. */
const neverArrived = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** SendGrid does not take a mail that it answers with these; a 500, 502 or 504 may come behind the effect. */
const certainlyNotTaken = new Set([429, 503]);

export function outcomeOf({ code, response }: Failure): SendOutcome {
  if (typeof code !== 'number') {
    return neverArrived.has(String(code))
      ? { kind: 'NOT_NOW', code: 'UNREACHABLE', retryAfterSeconds: 0 }
      : { kind: 'UNKNOWN' };
  }
  if (certainlyNotTaken.has(code)) {
    return {
      kind: 'NOT_NOW',
      code: `HTTP_${String(code)}`,
      retryAfterSeconds: retryAfter(response?.headers),
    };
  }
  return code >= 500 ? { kind: 'UNKNOWN' } : { kind: 'REFUSED', code: `HTTP_${String(code)}` };
}

/** `Retry-After` in seconds, at most an hour; 0 when it is not said. */
function retryAfter(headers: Readonly<Record<string, unknown>> = {}): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) : 0;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
