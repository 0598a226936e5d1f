// A provider that is heard of for the first time gets a connection, which is not connected: booking and scheduling learn
// from the start that he takes requests.
import { LockMode } from '@mikro-orm/postgresql';
import { providerChanged } from '@caregraph/contracts';
import { consumer, publish } from '@caregraph/messaging';
import { keepProvider } from '../catalogue/known-provider.js';
import type { Deps } from '../deps.js';
import { CalendarConnection } from './calendar-connection.js';
import { lockedConnection } from './calendar-connection.entity.js';

export const onProviderChanged = consumer(providerChanged, async ({ em, now }: Deps, provider) => {
  await keepProvider(em, provider);
  if (await lockedConnection(em, provider.providerId, LockMode.PESSIMISTIC_READ)) return;
  const connection = CalendarConnection.of(provider, now);
  em.persist(connection);
  publish(em, connection.changed(), now);
});
