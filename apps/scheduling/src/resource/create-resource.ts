// A practice sets up a room, a chair or a piece of equipment at one of its locations.
import { Length, Matches } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { requireAdmin, requireCaller } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Location, UnknownLocation } from '../location/location.js';
import { Resource, type ResourceKind } from './resource.js';
import { ResourceKindEnum, ResourceObject } from './resource.type.js';

@InputType({ description: 'The room, chair or equipment to set up.' })
export class CreateResourceInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'Where it stands.' })
  locationId!: string;

  @Field(() => String, { description: 'Its name, 1 to 200 characters.' })
  @Length(1, 200)
  @Matches(/^[^\r\n<>]*[^\s<>][^\r\n<>]*$/, { message: 'must be a name' })
  name!: string;

  @Field(() => ResourceKindEnum, { description: 'What it is.' })
  kind!: ResourceKind;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreateResourceResult = resultUnion<Resource>()('CreateResourceResult', ResourceObject, [
  UnknownLocation,
]);

@Resolver()
export class CreateResourceResolver {
  @Mutation(() => CreateResourceResult.type, {
    description: 'Sets up a room, chair or piece of equipment at a location. For admins of its practice.',
  })
  createResource(
    @Ctx() deps: Deps,
    @Arg('input', () => CreateResourceInput) input: CreateResourceInput,
  ): Promise<OutcomeOf<typeof CreateResourceResult>> {
    return idempotent(deps, 'createResource', input, createResource);
  }
}

export function createResource(
  { em, viewer, now }: Deps,
  input: CreateResourceInput,
): Promise<Resource | UnknownLocation> {
  requireCaller(viewer);
  const locationId = idOf('locationId', input.locationId);
  return em.transactional(async (em) => {
    const location = await em.findOne(Location, { id: locationId });
    if (!location) return new UnknownLocation(locationId);
    requireAdmin(viewer, location.practiceId);

    const resource = new Resource();
    resource.id = await newId(em, Resource, input.id);
    resource.practiceId = location.practiceId;
    resource.locationId = locationId;
    resource.name = input.name.trim();
    resource.kind = input.kind;
    resource.createdAt = resource.updatedAt = now;
    em.persist(resource);
    return resource;
  });
}
