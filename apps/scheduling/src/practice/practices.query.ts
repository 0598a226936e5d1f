// Reading practices.
import { Arg, Args, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf, PageArguments, type Connection, pageSize, pageOf } from '@caregraph/subgraph';
import { byId } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Practice } from './practice.js';
import { PracticeConnection, PracticeObject } from './practice.type.js';

@Resolver()
export class PracticeQueries {
  @Query(() => PracticeObject, {
    nullable: true,
    description: 'One practice; null when there is none of that id.',
  })
  practice(@Ctx() deps: Deps, @Arg('id', () => ID) id: string): Promise<Practice | null> {
    return byId(deps, Practice, idOf('id', id));
  }

  @Directive(pageSize)
  @Query(() => PracticeConnection, { description: 'All practices that take bookings, oldest first.' })
  practices(
    @Ctx() { em }: Deps,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<Practice>> {
    return pageOf(em, Practice, { active: true }, page);
  }
}
