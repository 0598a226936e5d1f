// A provider: who is seen, where, in which zone, and how he is booked.
import { providerChanged, Refusal, type BookingSettings, type EventOf } from '@caregraph/contracts';
import {
  changedOverride,
  resolved,
  type SettingsChange,
  type SettingsOverride,
} from '../practice/booking-settings.policy.js';

export class UnknownProvider extends Refusal {
  readonly code = 'UNKNOWN_PROVIDER';
  readonly message: string;
  constructor(readonly providerId: string) {
    super();
    this.message = `There is no provider ${providerId} here.`;
  }
}

/** What a practice may change of a provider. Fields left out stay. */
export interface ProviderDetails {
  readonly name?: string;
  readonly account?: string | null;
  readonly specialties?: string[];
  readonly languages?: string[];
  readonly insurances?: string[];
  readonly timeZone?: string;
  readonly locationIds?: string[];
  /** Sealed. */
  readonly email?: string | null;
  /** Sealed. */
  readonly mobile?: string | null;
  readonly active?: boolean;
  readonly keepsOwnHours?: boolean;
}

export class Provider {
  id!: string;
  practiceId!: string;
  version = 1;
  name!: string;
  /** The login (sub) of the person; null: nobody logs in. */
  account: string | null = null;
  specialties: string[] = [];
  /** BCP 47. */
  languages: string[] = [];
  insurances: string[] = [];
  /** IANA; his working hours are on this clock (SC-008). */
  timeZone = 'America/Denver';
  locationIds: string[] = [];
  /** Sealed: the database never holds it in the clear. */
  email: string | null = null;
  /** Sealed. */
  mobile: string | null = null;
  /** What he sets differently from the practice. */
  settingsOverride: SettingsOverride = {};
  active = true;
  /** Whether he sets his own hours himself, beside the admins of his practice (GW-031). */
  keepsOwnHours = false;
  createdAt!: Date;
  updatedAt!: Date;

  update(details: ProviderDetails, practice: BookingSettings, now: Date): EventOf<typeof providerChanged> {
    Object.assign(this, details);
    return this.touched(practice, now);
  }

  /** Sets for himself what differs from the practice, or gives it up again. */
  overrideBookingSettings(
    change: SettingsChange,
    practice: BookingSettings,
    now: Date,
  ): EventOf<typeof providerChanged> {
    this.settingsOverride = changedOverride(this.settingsOverride, change);
    return this.touched(practice, now);
  }

  /** The practice's settings changed, and with them how he is booked. */
  followPractice(practice: BookingSettings, now: Date): EventOf<typeof providerChanged> {
    return this.touched(practice, now);
  }

  /** How he is booked: his own settings, else the practice's (Y-21). */
  bookingSettings(practice: BookingSettings): BookingSettings {
    return resolved(practice, this.settingsOverride);
  }

  /** Whether somebody who logs in as this account sets these hours as the provider himself. */
  setsHoursAs(account: string | null): boolean {
    return this.keepsOwnHours && account !== null && account === this.account;
  }

  /** Whole state, for those who keep a copy. */
  changed(practice: BookingSettings): EventOf<typeof providerChanged> {
    const {
      id: providerId,
      practiceId,
      version,
      name,
      account,
      timeZone,
      locationIds,
      email,
      mobile,
      active,
    } = this;
    return providerChanged.of({
      providerId,
      practiceId,
      version,
      name,
      account,
      timeZone,
      locationIds,
      bookingSettings: this.bookingSettings(practice),
      email,
      mobile,
      active,
    });
  }

  private touched(practice: BookingSettings, now: Date): EventOf<typeof providerChanged> {
    this.version += 1;
    this.updatedAt = now;
    return this.changed(practice);
  }
}
