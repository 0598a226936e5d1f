// A resource as clients see it, and where it stands.
import { Ctx, Field, FieldResolver, ID, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { refusalType } from '@caregraph/subgraph';
import { byId } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Location } from '../location/location.js';
import { LocationObject } from '../location/location.type.js';
import { resourceKinds, UnknownResource, type Resource } from './resource.js';

export const ResourceKindEnum = Object.fromEntries(resourceKinds.map((kind) => [kind, kind]));
registerEnumType(ResourceKindEnum, {
  name: 'ResourceKind',
  description: 'A room, a chair, or a piece of equipment.',
});

refusalType(UnknownResource, 'Returned when the practice has no such room, chair or equipment.', {
  resourceId: { type: () => ID, description: 'The id that names no resource.' },
});

@ObjectType('Resource', { description: 'A room, chair or piece of equipment that an appointment needs.' })
export class ResourceObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => ResourceKindEnum, { description: 'What it is.' })
  kind!: string;
}

@Resolver(() => ResourceObject)
export class ResourceFields {
  @FieldResolver(() => LocationObject, { nullable: true, description: 'Where it stands.' })
  location(@Root() { locationId }: Resource, @Ctx() deps: Deps): Promise<Location | null> {
    return byId(deps, Location, locationId);
  }
}
