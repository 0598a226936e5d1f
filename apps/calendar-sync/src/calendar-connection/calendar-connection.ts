// A provider's connection to his outside calendar. It decides whether bookings may be instant (BK-059).
import { connectionChanged, Refusal, type EventOf } from '@caregraph/contracts';
import { isFresh } from './freshness.policy.js';
import { lifecycle, may, type ConnectionState, type Verb } from './lifecycle.js';

export class CalendarConnectionNotFound extends Refusal {
  readonly code = 'CALENDAR_CONNECTION_NOT_FOUND';
  readonly message = 'There is no such provider, or you may not see the calendar connection.';
}

export class CalendarNotConnected extends Refusal {
  readonly code = 'CALENDAR_NOT_CONNECTED';
  readonly message = 'The provider has no outside calendar connected.';
}

type Changed = EventOf<typeof connectionChanged>;

export class CalendarConnection {
  /** The provider's id: a provider has one connection. */
  id!: string;
  practiceId!: string;
  state: ConnectionState = 'NOT_CONNECTED';
  version = 1;
  /** When the outside calendar was last read; null: never, or not since it was connected. */
  lastSyncedAt: Date | null = null;
  createdAt!: Date;
  updatedAt!: Date;

  /** Every provider has a connection from the start; it only is not connected. */
  static of(
    provider: { readonly providerId: string; readonly practiceId: string },
    now: Date,
  ): CalendarConnection {
    return Object.assign(new CalendarConnection(), {
      id: provider.providerId,
      practiceId: provider.practiceId,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** What others are told: the whole state. */
  changed(): Changed {
    return connectionChanged.of({
      providerId: this.id,
      practiceId: this.practiceId,
      version: this.version,
      state: this.state,
      changedAt: this.updatedAt.toISOString(),
    });
  }

  /** Stops being believed once what we know is too old; nothing happens before that. */
  goStale(now: Date): Changed | undefined {
    if (!may('goStale', this.state) || isFresh(this.lastSyncedAt, now)) return undefined;
    return this.move('goStale', now);
  }

  /** Gives the outside calendar up; what was known of it no longer counts. */
  disconnect(now: Date): Changed | CalendarNotConnected {
    if (!may('disconnect', this.state)) return new CalendarNotConnected();
    this.lastSyncedAt = null;
    return this.move('disconnect', now);
  }

  /**
   * Why a time cannot be verified. A connected calendar says STALE, however fresh: no busy time of it is known here, and
   * what is not known must not pass for free.
   */
  get doubt(): Exclude<ConnectionState, 'CONNECTED'> {
    return this.state === 'CONNECTED' ? 'STALE' : this.state;
  }

  /** The one place where the state is assigned. */
  private move(verb: Verb, now: Date): Changed {
    this.state = lifecycle[verb].to;
    this.version += 1;
    this.updatedAt = now;
    return this.changed();
  }
}
