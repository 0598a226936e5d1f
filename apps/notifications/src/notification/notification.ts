// One message to one recipient by one channel, because of one thing that happened. A verb answers the event to
// publish, or undefined when it changed nothing that others need to hear of.
import { notificationFailed, notificationSent, type EventOf } from '@caregraph/contracts';
import { lifecycle, may, type NotificationStatus, type Verb } from './lifecycle.js';
import type { Cause, Channel, Recipient } from './messages.policy.js';
import { NotificationNotResendable } from './notification.refusals.js';

/** How long an event of the vendor may take that settles a call whose answer was lost. */
export const settleMinutes = 5;
/** Calls whose answer was lost and of which nothing was heard; after these it is given up. */
const mostUnknownTries = 2;
/** How often one message may be sent again by hand. */
export const mostCopies = 5;

export const skipReasons = ['OVERTAKEN', 'LESS_THAN_A_DAY_AHEAD', 'NO_ADDRESS', 'SUPPRESSED'] as const;
export type SkipReason = (typeof skipReasons)[number];

export class Notification {
  id!: string;
  practiceId!: string;
  appointmentId!: string;
  cause!: Cause;
  /** Which occurrence of the cause; with appointment, cause, channel and recipient it is unique (I6). */
  occurrence!: string;
  channel!: Channel;
  recipient!: Recipient;
  template!: string;
  status: NotificationStatus = 'QUEUED';
  version = 1;
  /** Why it failed, bounced or was skipped: a code. */
  reason: string | null = null;
  /** Calls to the vendor so far. */
  attempts = 0;
  /** Calls whose answer was lost and of which no event told within `settleMinutes`. */
  unknownTries = 0;
  /** A call to the vendor began then, and what came of it is not known yet. */
  tryStartedAt: Date | null = null;
  /** Whom it was sent to, as a keyed hash; null until the first try. */
  addressHash: string | null = null;
  vendorMessageId: string | null = null;
  createdAt!: Date;
  sentAt: Date | null = null;
  deliveredAt: Date | null = null;
  updatedAt!: Date;

  /** Before the vendor is called: from now on the message may have left. */
  beginTry(addressHash: string, now: Date): void {
    this.attempts += 1;
    this.tryStartedAt = now;
    this.addressHash = addressHash;
    this.touch(now);
  }

  /** The vendor took it, or one of its events shows that it had taken it. */
  accept(vendorMessageId: string | null, now: Date): EventOf<typeof notificationSent> | undefined {
    // Without the address the person was erased meanwhile, and the vendor's id would lead to him again.
    const isNews = this.vendorMessageId === null && this.addressHash !== null && vendorMessageId !== null;
    if (isNews) this.vendorMessageId = vendorMessageId;
    if (!this.move('accept', now)) {
      // Told of its delivery before: only the vendor's id is news, and no row is written without a new version.
      if (isNews) this.touch(now);
      return undefined;
    }
    return notificationSent.of(this.facts(now));
  }

  /** The vendor certainly did not take it, and may later. */
  postpone(now: Date): void {
    if (this.status !== 'QUEUED') return;
    this.tryStartedAt = null;
    this.touch(now);
  }

  /** When it is time to decide about a call of which nothing was heard; null where no call is open. */
  get settleAt(): Date | null {
    if (this.status !== 'QUEUED' || !this.tryStartedAt) return null;
    return new Date(this.tryStartedAt.getTime() + settleMinutes * 60_000);
  }

  /**
   * No event told what became of the call. The vendor tells of each mail it takes, so the first time it is taken for
   * lost and sent once more; the second time it is given up, because twice is more than a coincidence.
   */
  giveUpWaiting(now: Date): 'SEND_AGAIN' | EventOf<typeof notificationFailed> | undefined {
    if (!this.settleAt || now < this.settleAt) return undefined;
    this.unknownTries += 1;
    if (this.unknownTries >= mostUnknownTries) return this.fail('OUTCOME_UNKNOWN', now);
    this.postpone(now);
    return 'SEND_AGAIN';
  }

  /** The message arrived, says the recipient's mail server. */
  deliver(at: Date, now: Date): EventOf<typeof notificationSent> | undefined {
    const unheard = this.status === 'QUEUED';
    if (!this.move('deliver', now)) return undefined;
    this.reason = null;
    // The vendor counts in whole seconds: nothing arrives before it was sent.
    this.deliveredAt = new Date(Math.max(at.getTime(), this.sentAt?.getTime() ?? 0));
    return unheard ? notificationSent.of(this.facts(now)) : undefined;
  }

  /** It will not arrive. */
  fail(reason: string, now: Date): EventOf<typeof notificationFailed> | undefined {
    return this.end('fail', reason, now);
  }

  /** The recipient's mail server sent it back for good. */
  bounce(now: Date): EventOf<typeof notificationFailed> | undefined {
    return this.end('bounce', 'BOUNCED', now);
  }

  /** It does not go out. Others hear of it where somebody who should have been told was not. */
  skip(reason: SkipReason, now: Date): EventOf<typeof notificationFailed> | undefined {
    const event = this.end('skip', reason, now);
    return reason === 'NO_ADDRESS' || reason === 'SUPPRESSED' ? event : undefined;
  }

  /** The same message once more, as a notification of its own. `copies` is how many were sent so far, with the first. */
  copy(id: string, copies: number, now: Date): Notification | NotificationNotResendable {
    if (this.status === 'QUEUED') return new NotificationNotResendable(this.status, 'it is still on its way');
    if (copies > mostCopies) return new NotificationNotResendable(this.status, 'it was sent often enough');
    const { practiceId, appointmentId, cause, channel, recipient, template } = this;
    const [first = ''] = this.occurrence.split('#');
    const occurrence = `${first}#${String(copies + 1)}`;
    return Object.assign(new Notification(), {
      ...{ id, practiceId, appointmentId, cause, occurrence, channel, recipient, template },
      ...{ createdAt: now, updatedAt: now },
    });
  }

  private end(
    verb: 'fail' | 'bounce' | 'skip',
    reason: string,
    now: Date,
  ): EventOf<typeof notificationFailed> | undefined {
    if (!this.move(verb, now)) return undefined;
    this.reason = reason;
    return notificationFailed.of({ ...this.facts(now), failure: reason });
  }

  /** The one place where the status is assigned. */
  private move(verb: Verb, now: Date): boolean {
    if (!may(verb, this.status)) return false;
    this.status = lifecycle[verb].to;
    this.tryStartedAt = null;
    if (this.status !== 'SKIPPED' && this.status !== 'FAILED') this.sentAt ??= now;
    this.touch(now);
    return true;
  }

  private touch(now: Date): void {
    this.version += 1;
    this.updatedAt = now;
  }

  private facts(now: Date) {
    const { id: notificationId, appointmentId, practiceId, version, cause, channel, recipient } = this;
    const occurredAt = now.toISOString();
    return { notificationId, appointmentId, practiceId, version, cause, channel, recipient, occurredAt };
  }
}
