// A hold: a time kept for one person for five minutes while he checks out. It ends exactly once: converted, released
// or expired (I2).
import { Refusal } from '@caregraph/contracts';
import type { BookingMode } from '../appointment/mode.policy.js';

/** BK-045. */
export const holdMinutes = 5;

export type HoldStatus = 'ACTIVE' | 'CONVERTED' | 'EXPIRED' | 'RELEASED';

/** A verb that is not listed for a status is refused. */
export const holdLifecycle = {
  convert: { from: ['ACTIVE'], to: 'CONVERTED' },
  expire: { from: ['ACTIVE'], to: 'EXPIRED' },
  release: { from: ['ACTIVE'], to: 'RELEASED' },
} as const satisfies Record<string, { from: readonly HoldStatus[]; to: HoldStatus }>;

export class SlotHoldNotFound extends Refusal {
  readonly code = 'SLOT_HOLD_NOT_FOUND';
  readonly message = 'There is no such hold of yours.';
}

export class SlotHoldOver extends Refusal {
  readonly code = 'SLOT_HOLD_OVER';
  readonly message: string;
  constructor(readonly holdStatus: HoldStatus) {
    super();
    this.message = `The hold is ${holdStatus}: pick a time again.`;
  }
}

export class SlotTaken extends Refusal {
  readonly code = 'SLOT_TAKEN';
  readonly message = 'Somebody else has this time: pick another.';
}

export class TooManyHolds extends Refusal {
  readonly code = 'TOO_MANY_HOLDS';
  readonly message = 'You hold too many times at once, or held too many in the last ten minutes.';
}

export class SlotHold {
  id!: string;
  practiceId!: string;
  providerId!: string;
  appointmentTypeId!: string;
  locationId!: string;
  resourceIds!: string[];
  start!: Date;
  end!: Date;
  /** What the offer promised; a booking may be downgraded, never the reverse. */
  offeredMode!: BookingMode;
  status: HoldStatus = 'ACTIVE';
  version = 1;
  /** The holder's login; null for somebody not logged in, who has a session and a token. */
  account!: string | null;
  sessionId!: string | null;
  /** SHA-256 of the token that is told once. */
  tokenHash!: string;
  appointmentId: string | null = null;
  expiresAt!: Date;
  endedAt: Date | null = null;
  createdAt!: Date;

  /** Whether it is over. Compared with the clock and not with the expiry job, which may be late. */
  over(now: Date): SlotHoldOver | undefined {
    if (this.status !== 'ACTIVE') return new SlotHoldOver(this.status);
    return now >= this.expiresAt ? new SlotHoldOver('EXPIRED') : undefined;
  }

  /** Becomes an appointment. */
  convert(appointmentId: string, now: Date): SlotHoldOver | undefined {
    const over = this.over(now);
    if (over) return over;
    this.appointmentId = appointmentId;
    this.finish('convert', now);
    return undefined;
  }

  /** Given back by the holder. */
  release(now: Date): SlotHoldOver | undefined {
    if (this.status !== 'ACTIVE') return new SlotHoldOver(this.status);
    this.finish('release', now);
    return undefined;
  }

  /** True when its time was over. Nothing happens before that. */
  expire(now: Date): boolean {
    if (this.status !== 'ACTIVE' || now < this.expiresAt) return false;
    this.finish('expire', now);
    return true;
  }

  /** The one place where the status is assigned. */
  private finish(verb: keyof typeof holdLifecycle, now: Date): void {
    this.status = holdLifecycle[verb].to;
    this.endedAt = now;
    this.version += 1;
  }
}
