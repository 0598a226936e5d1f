// Gives a provider's outside calendar up: bookings become requests again, and nothing is kept in step any more.
import { LockMode } from '@mikro-orm/postgresql';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { abandonAll } from '../calendar-event/abandon-all.js';
import type { Deps } from '../deps.js';
import {
  CalendarConnectionNotFound,
  CalendarNotConnected,
  type CalendarConnection,
} from './calendar-connection.js';
import { lockedConnection } from './calendar-connection.entity.js';
import { CalendarConnectionObject } from './calendar-connection.type.js';
import { findVisible } from './visibility.js';

@InputType({ description: 'Whose outside calendar to give up.' })
export class DisconnectCalendarInput {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const DisconnectCalendarResult = resultUnion<CalendarConnection>()(
  'DisconnectCalendarResult',
  CalendarConnectionObject,
  [CalendarConnectionNotFound, CalendarNotConnected],
);

@Resolver()
export class DisconnectCalendarResolver {
  @Mutation(() => DisconnectCalendarResult.type, {
    description:
      'Gives an outside calendar up, as its provider or the practice. What stands in it stays there and is no longer kept in step.',
  })
  disconnectCalendar(
    @Ctx() deps: Deps,
    @Arg('input', () => DisconnectCalendarInput) input: DisconnectCalendarInput,
  ): Promise<OutcomeOf<typeof DisconnectCalendarResult>> {
    return idempotent(deps, 'disconnectCalendar', input, disconnectCalendar);
  }
}

export function disconnectCalendar(
  { em, viewer, now }: Deps,
  input: DisconnectCalendarInput,
): Promise<CalendarConnection | CalendarConnectionNotFound | CalendarNotConnected> {
  const providerId = idOf('providerId', input.providerId);
  return em.transactional(async (em) => {
    // Locked before it is looked at, so that two who disconnect at once come one after the other.
    const connection = await lockedConnection(em, providerId, LockMode.PESSIMISTIC_WRITE);
    const [visible] = await findVisible(em, viewer, [providerId]);
    if (!connection || !visible) return new CalendarConnectionNotFound();

    const outcome = connection.disconnect(now);
    if (outcome instanceof Refusal) return outcome;

    await abandonAll(em, providerId, now);
    publish(em, outcome, now);
    return connection;
  });
}
