// A practice: who offers appointments, in which zone and currency, and how its providers are booked unless they say otherwise.
import { practiceChanged, Refusal, type BookingSettings, type EventOf } from '@caregraph/contracts';
import { changedSettings, type SettingsChange } from './booking-settings.policy.js';

export class UnknownPractice extends Refusal {
  readonly code = 'UNKNOWN_PRACTICE';
  readonly message = 'There is no such practice.';
}

export class PracticeExists extends Refusal {
  readonly code = 'PRACTICE_EXISTS';
  readonly message = 'There is a practice of this id already.';
}

export class Practice {
  id!: string;
  version = 1;
  name!: string;
  /** IANA. */
  timeZone!: string;
  /** ISO 4217; prices of its appointment types are in it. */
  currency!: string;
  bookingNumberPrefix!: string;
  bookingSettings!: BookingSettings;
  /** Where its desk gets mail, sealed; null: nowhere. */
  email: string | null = null;
  active = true;
  createdAt!: Date;
  updatedAt!: Date;

  /** Its providers must be told too: what they are booked by is resolved from it. */
  changeBookingSettings(change: SettingsChange, now: Date): EventOf<typeof practiceChanged> {
    this.bookingSettings = changedSettings(this.bookingSettings, change);
    this.version += 1;
    this.updatedAt = now;
    return this.changed();
  }

  /** Its desk gets mail there from now on, or nowhere. */
  changeEmail(sealed: string | null, now: Date): EventOf<typeof practiceChanged> {
    this.email = sealed;
    this.version += 1;
    this.updatedAt = now;
    return this.changed();
  }

  /** Whole state, for those who keep a copy. */
  changed(): EventOf<typeof practiceChanged> {
    const { id: practiceId, version, name, timeZone, currency, bookingNumberPrefix, active, email } = this;
    const words = { name, timeZone, currency, bookingNumberPrefix };
    return practiceChanged.of({ practiceId, version, ...words, active, email });
  }
}
