// Scheduling's and calendar-sync's changes, kept as booking's own copies. A lower or equal version is dropped.
import type { EntityClass, RequiredEntityData } from '@mikro-orm/postgresql';
import {
  appointmentTypeChanged,
  connectionChanged,
  practiceChanged,
  providerChanged,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { KnownAppointmentType, KnownCalendar, KnownPractice, KnownProvider } from './known.js';

export const onPracticeChanged = consumer(practiceChanged, ({ em }: Deps, practice) =>
  keep(em, KnownPractice, {
    id: practice.practiceId,
    practiceId: practice.practiceId,
    version: practice.version,
    bookingNumberPrefix: practice.bookingNumberPrefix,
    timeZone: practice.timeZone,
    active: practice.active,
  }),
);

export const onProviderChanged = consumer(providerChanged, ({ em }: Deps, provider) =>
  keep(em, KnownProvider, {
    id: provider.providerId,
    practiceId: provider.practiceId,
    version: provider.version,
    account: provider.account,
    timeZone: provider.timeZone,
    settings: provider.bookingSettings,
    active: provider.active,
  }),
);

export const onConnectionChanged = consumer(connectionChanged, ({ em }: Deps, connection) =>
  keep(em, KnownCalendar, {
    id: connection.providerId,
    practiceId: connection.practiceId,
    version: connection.version,
    state: connection.state,
  }),
);

export const onAppointmentTypeChanged = consumer(appointmentTypeChanged, ({ em }: Deps, type) =>
  keep(em, KnownAppointmentType, {
    id: type.appointmentTypeId,
    practiceId: type.practiceId,
    version: type.version,
    name: type.name,
    durationMinutes: type.durationMinutes,
    bufferBeforeMinutes: type.bufferBeforeMinutes,
    bufferAfterMinutes: type.bufferAfterMinutes,
    priceAmountMinor: type.price.amountMinor,
    priceCurrency: type.price.currency,
    paymentMode: type.paymentMode,
    cancellationPolicy: type.cancellationPolicy,
    providerIds: type.providerIds,
    allowOnlineBooking: type.allowOnlineBooking,
    active: type.active,
  }),
);

interface Copy {
  readonly id: string;
  readonly version: number;
}

async function keep<Known extends Copy>(
  em: Deps['em'],
  known: EntityClass<Known>,
  state: RequiredEntityData<Known> & Copy,
): Promise<void> {
  const current = (await em.findOne(known, { id: state.id } as never)) as Known | null;
  if (current && current.version >= state.version) return;
  if (current) em.assign(current, state as never);
  else em.persist(em.create(known, state as never));
}
