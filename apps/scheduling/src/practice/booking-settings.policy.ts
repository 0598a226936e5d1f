// How providers are booked: the platform's defaults, the practice's settings, the provider's own (BK-059 to BK-067, Y-21).
import { bookingSettings, type BookingSettings } from '@caregraph/contracts';

/** A practice that sets nothing has these. */
export const defaultBookingSettings: BookingSettings = {
  mode: 'REQUEST',
  modeOverride: false,
  confirmationDeadlineHours: 24,
  minimumNoticeHours: 24,
  maximumAdvanceDays: 60,
  bufferMinutes: 15,
  allowReschedule: true,
  maxRescheduleAttempts: 2,
  rescheduleNoticeHours: 24,
  allowCancellation: true,
  cancellationNoticeHours: null,
  cancellationFeePercent: 0,
  slotDurationMinutes: 30,
  paymentTimeoutMinutes: 15,
};

/** What a provider sets differently from the practice. */
export type SettingsOverride = Partial<BookingSettings>;

/** As asked for: a field left out stays as it is, null goes back to what stands behind it. */
export type SettingsChange = {
  readonly [Field in keyof BookingSettings]?: BookingSettings[Field] | null | undefined;
};

/** The provider's own where set, else the practice's. */
export const resolved = (practice: BookingSettings, override: SettingsOverride): BookingSettings => ({
  ...practice,
  ...override,
});

/** A practice's settings after a change; null is the platform's default. */
export const changedSettings = (settings: BookingSettings, change: SettingsChange): BookingSettings => ({
  ...settings,
  ...mapped(change, (field) => defaultBookingSettings[field]),
});

/** A provider's override after a change; null is the practice's own again. */
export function changedOverride(override: SettingsOverride, change: SettingsChange): SettingsOverride {
  const merged = { ...override, ...mapped(change, () => null) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** A year, in hours. */
const longestNotice = 8760;

/** What may be set. Events allow more: what was set before there was a longest notice is still told. */
const { rescheduleNoticeHours, cancellationNoticeHours } = bookingSettings.shape;
const settable = bookingSettings
  .extend({
    rescheduleNoticeHours: rescheduleNoticeHours.max(longestNotice),
    cancellationNoticeHours: cancellationNoticeHours.unwrap().max(longestNotice).nullable(),
  })
  .partial();

/** Every field outside of its range, with what the range is. */
export function faultsInSettings(
  settings: SettingsOverride,
): { readonly field: string; readonly message: string }[] {
  const result = settable.safeParse(settings);
  return (result.error?.issues ?? []).map(({ path, message }) => ({ field: path.join('.'), message }));
}

function mapped(
  change: SettingsChange,
  whenNull: (field: keyof BookingSettings) => unknown,
): Record<string, unknown> {
  const fields = Object.keys(defaultBookingSettings) as (keyof BookingSettings)[];
  const named = fields.filter((field) => change[field] !== undefined);
  return Object.fromEntries(named.map((field) => [field, change[field] ?? whenNull(field)]));
}
