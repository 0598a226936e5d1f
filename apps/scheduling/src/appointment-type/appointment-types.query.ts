// Reading appointment types.
import { Arg, Args, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf, PageArguments, type Connection, pageSize, pageOf } from '@caregraph/subgraph';
import { byId } from '../by-id.js';
import { worksAt } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { AppointmentType } from './appointment-type.js';
import { AppointmentTypeConnection, AppointmentTypeObject } from './appointment-type.type.js';

@Resolver()
export class AppointmentTypeQueries {
  @Query(() => AppointmentTypeObject, {
    nullable: true,
    description: 'One type; null when there is none of that id.',
  })
  appointmentType(@Ctx() deps: Deps, @Arg('id', () => ID) id: string): Promise<AppointmentType | null> {
    return byId(deps, AppointmentType, idOf('id', id));
  }

  @Directive(pageSize)
  @Query(() => AppointmentTypeConnection, {
    description:
      'What a practice offers, oldest first; what is not bookable any more only for who works there.',
  })
  appointmentTypes(
    @Ctx() { em, viewer }: Deps,
    @Arg('practiceId', () => ID) id: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<AppointmentType>> {
    const practiceId = idOf('practiceId', id);
    const where = worksAt(viewer, practiceId) ? { practiceId } : { practiceId, active: true };
    return pageOf(em, AppointmentType, where, page);
  }
}
