// Reading a calendar connection: straight from the database, only what the viewer may see.
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { idOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import type { CalendarConnection } from './calendar-connection.js';
import { CalendarConnectionObject } from './calendar-connection.type.js';
import { findVisible } from './visibility.js';

@Resolver()
export class CalendarConnectionQueries {
  @Query(() => CalendarConnectionObject, {
    nullable: true,
    description: "A provider's calendar connection; null when there is none that you may see.",
  })
  async calendarConnection(
    @Ctx() { em, viewer }: Deps,
    @Arg('providerId', () => ID) providerId: string,
  ): Promise<CalendarConnection | null> {
    const [connection] = await findVisible(em, viewer, [idOf('providerId', providerId)]);
    return connection ?? null;
  }
}
