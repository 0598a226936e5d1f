// What may be booked: how long, at what price, with whom, needing what (SC-022 to SC-030).
import {
  appointmentTypeChanged,
  Refusal,
  type AppointmentTypeChanged,
  type EventOf,
} from '@caregraph/contracts';

export const appointmentCategories = [
  'INDIVIDUAL',
  'GROUP',
  'FAMILY',
  'COUPLES',
] as const satisfies AppointmentTypeChanged['category'][];
export const paymentModes = ['HOLD', 'AT_VISIT'] as const satisfies AppointmentTypeChanged['paymentMode'][];

export type CancellationPolicy = NonNullable<AppointmentTypeChanged['cancellationPolicy']>;

export class UnknownAppointmentType extends Refusal {
  readonly code = 'UNKNOWN_APPOINTMENT_TYPE';
  readonly message = 'There is no such appointment type.';
}

export class AppointmentTypeNameTaken extends Refusal {
  readonly code = 'APPOINTMENT_TYPE_NAME_TAKEN';
  readonly message = 'Another appointment type of this practice has this name.';
}

export class ResourcesApart extends Refusal {
  readonly code = 'RESOURCES_APART';
  readonly message = 'The resources of one appointment must be at the same location.';
}

/** What a practice may change of a type. Fields left out stay. */
export interface AppointmentTypeDetails {
  readonly name?: string;
  readonly category?: AppointmentTypeChanged['category'];
  readonly description?: string | null;
  readonly durationMinutes?: number;
  readonly bufferBeforeMinutes?: number | null;
  readonly bufferAfterMinutes?: number | null;
  readonly priceAmountMinor?: number;
  readonly paymentMode?: AppointmentTypeChanged['paymentMode'];
  readonly cancellationPolicy?: CancellationPolicy | null;
  readonly providerIds?: string[];
  readonly resourceIds?: string[];
  readonly allowOnlineBooking?: boolean;
  readonly active?: boolean;
}

export class AppointmentType {
  id!: string;
  practiceId!: string;
  version = 1;
  name!: string;
  category: AppointmentTypeChanged['category'] = 'INDIVIDUAL';
  description: string | null = null;
  durationMinutes!: number;
  /** Null: not set, which is 0. */
  bufferBeforeMinutes: number | null = null;
  /** Null: not set, the provider's (Y-23). */
  bufferAfterMinutes: number | null = null;
  priceAmountMinor!: number;
  /** The practice's. */
  priceCurrency!: string;
  paymentMode: AppointmentTypeChanged['paymentMode'] = 'HOLD';
  /** Null: not set on purpose (Y-22). */
  cancellationPolicy: CancellationPolicy | null = null;
  providerIds: string[] = [];
  resourceIds: string[] = [];
  /** Patients may book it themselves; else only the practice does (SC-027). */
  allowOnlineBooking = false;
  active = true;
  createdAt!: Date;
  updatedAt!: Date;

  update(details: AppointmentTypeDetails, now: Date): EventOf<typeof appointmentTypeChanged> {
    Object.assign(this, details);
    this.version += 1;
    this.updatedAt = now;
    return this.changed();
  }

  /** Whole state, for those who keep a copy. */
  changed(): EventOf<typeof appointmentTypeChanged> {
    return appointmentTypeChanged.of({
      appointmentTypeId: this.id,
      practiceId: this.practiceId,
      version: this.version,
      name: this.name,
      category: this.category,
      description: this.description,
      durationMinutes: this.durationMinutes,
      bufferBeforeMinutes: this.bufferBeforeMinutes,
      bufferAfterMinutes: this.bufferAfterMinutes,
      price: { amountMinor: this.priceAmountMinor, currency: this.priceCurrency },
      paymentMode: this.paymentMode,
      cancellationPolicy: this.cancellationPolicy,
      providerIds: this.providerIds,
      resourceIds: this.resourceIds,
      allowOnlineBooking: this.allowOnlineBooking,
      active: this.active,
    });
  }
}
