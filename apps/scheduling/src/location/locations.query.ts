// Reading locations, and what belongs to them.
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { idOf } from '@caregraph/subgraph';
import { byId } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Practice } from '../practice/practice.js';
import { PracticeObject } from '../practice/practice.type.js';
import { Location } from './location.js';
import { LocationObject } from './location.type.js';

@Resolver(() => LocationObject)
export class LocationQueries {
  @Query(() => LocationObject, {
    nullable: true,
    description: 'One location; null when there is none of that id.',
  })
  location(@Ctx() deps: Deps, @Arg('id', () => ID) id: string): Promise<Location | null> {
    return byId(deps, Location, idOf('id', id));
  }

  @FieldResolver(() => PracticeObject, { nullable: true, description: 'Whose it is.' })
  practice(@Root() { practiceId }: Location, @Ctx() deps: Deps): Promise<Practice | null> {
    return byId(deps, Practice, practiceId);
  }
}

/** A practice has few locations: all of them, by name. */
@Resolver(() => PracticeObject)
export class PracticeLocations {
  @FieldResolver(() => [LocationObject], { description: 'Its locations by name, at most 50.' })
  locations(@Root() { id: practiceId }: Practice, @Ctx() { em }: Deps): Promise<Location[]> {
    return em.find(Location, { practiceId }, { orderBy: { name: 'asc', id: 'asc' }, limit: 50 });
  }
}
