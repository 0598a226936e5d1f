// Reading one notification.
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { idOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { Notification } from './notification.js';
import { NotificationObject, visibleOf } from './notification.type.js';

@Resolver()
export class NotificationQueries {
  @Query(() => NotificationObject, {
    nullable: true,
    description: 'One notification; null when there is none that you may see.',
  })
  async notification(
    @Ctx() { em, viewer }: Deps,
    @Arg('id', () => ID) id: string,
  ): Promise<Notification | null> {
    const found = await em.find(Notification, { id: idOf('id', id) });
    const [visible] = await visibleOf(em, viewer, found);
    return visible ?? null;
  }
}
