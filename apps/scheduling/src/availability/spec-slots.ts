// Asks for free times, and makes time busy, for the specs of availability.
import { randomUUID } from 'node:crypto';
import type { ClaimsChanged, ConnectionChanged } from '@caregraph/contracts';
import type { EventDefinition } from '@caregraph/contracts';
import { envelope } from '@caregraph/contracts';
import type { Consumer } from '@caregraph/messaging';
import { patient, type Asking, type SpecApp } from '../spec-app.js';
import type { Deps } from '../deps.js';

export interface SlotAnswer {
  readonly start: string;
  readonly end: string;
  readonly localStart: string;
  readonly mode: string;
  readonly offer: string;
  readonly provider: { readonly id: string };
  readonly location: { readonly id: string };
}

export interface AvailabilityAnswer {
  readonly timeZone: string;
  readonly nextFrom: string | null;
  readonly bookingsDisabled: boolean;
  readonly slots: readonly SlotAnswer[];
}

/** Monday 8 June 2026, the day after the `sunday` of the specs. */
export const monday = { from: '2026-06-08T00:00:00Z', to: '2026-06-09T06:00:00Z' };

const query = `query ($appointmentTypeId: ID!, $providerIds: [ID!], $from: DateTime!, $to: DateTime!, $timeZone: String, $first: Int) {
  availability(appointmentTypeId: $appointmentTypeId, providerIds: $providerIds, from: $from, to: $to, timeZone: $timeZone, first: $first) {
    timeZone nextFrom bookingsDisabled slots { start end localStart mode offer provider { id } location { id } }
  }
}`;

export async function slotsOf(
  app: SpecApp,
  appointmentTypeId: string,
  question: object = {},
  asking: Asking = {},
): Promise<AvailabilityAnswer> {
  const variables = { appointmentTypeId, ...monday, first: 500, ...question };
  const { data, errors } = await app.ask(query, variables, { viewer: patient, ...asking });
  const [error] = errors;
  if (error) throw Object.assign(new Error(error.message), error);
  return data?.availability as unknown as AvailabilityAnswer;
}

/** The starts as UTC times of day: '15:30'. */
export const startsOf = async (...args: Parameters<typeof slotsOf>): Promise<string[]> =>
  (await slotsOf(...args)).slots.map(({ start }) => start.slice(11, 16));

/** Hands an event to its consumer, in a transaction, as libs/messaging does. */
export async function consume<Data>(
  app: SpecApp,
  consumer: Consumer<Deps>,
  definition: EventDefinition<string, Data>,
  data: Data,
): Promise<void> {
  const deps = app.deps();
  const event = envelope(definition.of(data), { id: randomUUID(), source: 'spec', time: deps.now });
  const work = consumer.prepare(event);
  await deps.em.transactional((em) => work({ ...deps, em }));
}

export const claims = (
  practiceId: string,
  times: readonly (readonly [subjectId: string, start: string, end: string])[],
  changes: Partial<ClaimsChanged> = {},
): ClaimsChanged => ({
  ownerId: randomUUID(),
  ownerKind: 'APPOINTMENT',
  practiceId,
  version: 1,
  claims: times.map(([subjectId, start, end]) => ({ subjectId, start, end })),
  expiresAt: null,
  ...changes,
});

export const connection = (
  { providerId, practiceId }: { readonly providerId: string; readonly practiceId: string },
  state: ConnectionChanged['state'],
  version = 1,
): ConnectionChanged => ({ providerId, practiceId, version, state, changedAt: '2026-06-07T11:00:00.000Z' });
