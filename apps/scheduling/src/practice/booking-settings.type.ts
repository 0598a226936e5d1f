// Booking settings as clients see and send them.
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { BookingSettings } from '@caregraph/contracts';
import { badInput } from '@caregraph/subgraph';
import { sentValues } from '../sent.js';
import { faultsInSettings, type SettingsChange } from './booking-settings.policy.js';

export const OfferedModeEnum = { INSTANT: 'INSTANT', REQUEST: 'REQUEST' };
registerEnumType(OfferedModeEnum, {
  name: 'OfferedMode',
  description: 'INSTANT: confirmed as soon as it is paid. REQUEST: the provider answers first.',
});

/** Name, type and description of each setting: said once, for what is read and what is sent. */
const fields = {
  mode: [() => OfferedModeEnum, 'Instant or request, where `modeOverride` is set (BK-059).'],
  modeOverride: [
    () => Boolean,
    'True keeps `mode`; else a connected calendar means instant and none means request.',
  ],
  confirmationDeadlineHours: [() => Int, 'How long the provider has to answer a request, 4 to 72 (BK-061).'],
  minimumNoticeHours: [() => Int, 'No start is offered sooner than that, 1 to 168 (BK-062).'],
  maximumAdvanceDays: [() => Int, 'No start is offered later than that, 7 to 365 (BK-063).'],
  bufferMinutes: [() => Int, 'Kept free after an appointment whose type sets no buffer, 0 to 60 (BK-064).'],
  allowReschedule: [() => Boolean, 'Whether patients may move appointments (BK-065).'],
  maxRescheduleAttempts: [() => Int, 'How often, 1 to 5.'],
  rescheduleNoticeHours: [() => Int, 'How long before the start at the latest, 1 to 8760 (a year).'],
  allowCancellation: [() => Boolean, 'False refuses the patient only (BK-066).'],
  cancellationNoticeHours: [
    () => Int,
    "Free of charge until so long before the start, 0 to 8760 (a year); null: not set, the platform's tiers apply.",
  ],
  cancellationFeePercent: [() => Int, 'Kept of the price inside the notice, 0 to 100.'],
  slotDurationMinutes: [() => Int, 'The step from one offered start to the next, 5 to 480 (BK-067).'],
  paymentTimeoutMinutes: [() => Int, 'An unpaid booking gives its time up after that, 5 to 60.'],
} as const satisfies Record<keyof BookingSettings, readonly [() => unknown, string]>;

@ObjectType('BookingSettings', { description: 'How somebody is booked.' })
export class BookingSettingsObject {}

@InputType({
  description:
    'What to change. Left out: stays. Null: back to the practice’s (for a practice: the platform’s default).',
})
export class BookingSettingsInput {}

for (const [name, [type, description]] of Object.entries(fields)) {
  const nullable = name === 'cancellationNoticeHours';
  Field(type as () => typeof Boolean, { nullable, description })(BookingSettingsObject.prototype, name);
  Field(type as () => typeof Boolean, { nullable: true, description })(BookingSettingsInput.prototype, name);
}

/** The change that the input asks for; refuses what is out of range, naming each field. */
export function settingsChange(input: BookingSettingsInput | null | undefined, path: string): SettingsChange {
  const change = (input ?? {}) as SettingsChange;
  const faults = faultsInSettings(sentValues(change));
  if (faults.length > 0)
    throw badInput(...faults.map(({ field, message }) => ({ field: `${path}.${field}`, message })));
  return change;
}
