// A calendar connection as clients see it, and the field that it adds to scheduling's Provider.
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionStates } from '@caregraph/contracts';
import { inOrder, isId, refusalType, type LoadReferences } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { CalendarConnectionNotFound, CalendarNotConnected } from './calendar-connection.js';
import { findVisible } from './visibility.js';

const ConnectionStateEnum = Object.fromEntries(connectionStates.map((state) => [state, state]));
registerEnumType(ConnectionStateEnum, {
  name: 'CalendarConnectionState',
  description:
    'CONNECTED: believed. STALE: not read for too long. RECONNECT_NEEDED: the outside calendar asks for a new login. Only CONNECTED makes bookings instant.',
});

refusalType(
  CalendarConnectionNotFound,
  'Returned when there is no such provider, or the caller may not see the calendar connection.',
);
refusalType(CalendarNotConnected, 'Returned when the provider has no outside calendar connected.');

@Directive('@key(fields: "id")')
@ObjectType('CalendarConnection', { description: "A provider's connection to his outside calendar." })
export class CalendarConnectionObject {
  @Field(() => ID, { description: "The provider's id: a provider has one connection." })
  id!: string;

  @Field(() => ID, { description: "The provider's practice." })
  practiceId!: string;

  @Field(() => ConnectionStateEnum, {
    description: 'Whether the outside calendar is connected and believed.',
  })
  state!: string;

  @Field(() => Date, { nullable: true, description: 'When the outside calendar was last read; null: never.' })
  lastSyncedAt!: Date | null;

  @Field(() => Int, { description: 'Grows with each change; drop what is older than what you have.' })
  version!: number;

  @Field(() => Date, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('Provider')
export class ProviderStub {
  @Field(() => ID)
  id!: string;

  @Field(() => CalendarConnectionObject, {
    nullable: true,
    description: 'The connection to the outside calendar; null to all but the provider and the practice.',
  })
  calendarConnection!: object | null;
}

export const loadConnections: LoadReferences<Deps> = async ({ em, viewer }, ids) =>
  inOrder(ids, await findVisible(em, viewer, ids.filter(isId)));

export const loadProviders: LoadReferences<Deps> = async (deps, ids) =>
  (await loadConnections(deps, ids)).map(
    (found, index) => found && { id: ids[index], calendarConnection: found },
  );
