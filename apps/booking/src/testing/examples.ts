// People, settings and events that booking's database specs have in common.
import { randomUUID } from 'node:crypto';
import { catalogue, type BookingSettings, type EventEnvelope } from '@caregraph/contracts';

export const settings: BookingSettings = {
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

export const people = {
  pat: 'pat',
  sam: 'sam',
  provider: 'dr-reyes',
  staff: 'desk',
} as const;

/** An event's example from the contracts, changed as given: what the transport would deliver. */
export const exampleOf = (type: string, over: object): EventEnvelope => {
  const definition = catalogue.get(type);
  if (!definition) throw new Error(`${type} is in no catalogue.`);
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/caregraph/test',
    type,
    subject: 'test',
    time: '2026-12-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: { ...(definition.example as object), ...over },
  };
};
