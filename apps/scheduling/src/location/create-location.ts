// A practice opens a location.
import { Length, Matches, MaxLength } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { badInput, idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { parseTimeZone } from '@caregraph/time';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Practice, UnknownPractice } from '../practice/practice.js';
import { Location, type LocationKind } from './location.js';
import { LocationKindEnum, LocationObject } from './location.type.js';

@InputType({ description: 'The location to open.' })
export class CreateLocationInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { description: 'Its name, 1 to 200 characters.' })
  @Length(1, 200)
  @Matches(/^[^\r\n<>]*[^\s<>][^\r\n<>]*$/, { message: 'must be a name' })
  name!: string;

  @Field(() => LocationKindEnum, {
    defaultValue: 'IN_PERSON',
    description: 'In person, telehealth or home visits.',
  })
  kind!: LocationKind;

  @Field(() => String, { nullable: true, description: "IANA zone; the practice's when left out." })
  timeZone?: string | null;

  @Field(() => String, { nullable: true, description: 'One line, at most 300 characters.' })
  @MaxLength(300)
  @Matches(/^[^\r\n]*$/, { message: 'must be one line' })
  address?: string | null;

  @Field(() => String, { nullable: true, description: 'How to get in, at most 1000 characters.' })
  @MaxLength(1000)
  instructions?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreateLocationResult = resultUnion<Location>()('CreateLocationResult', LocationObject, [
  UnknownPractice,
]);

@Resolver()
export class CreateLocationResolver {
  @Mutation(() => CreateLocationResult.type, {
    description: 'Opens a location of a practice. For its admins.',
  })
  createLocation(
    @Ctx() deps: Deps,
    @Arg('input', () => CreateLocationInput) input: CreateLocationInput,
  ): Promise<OutcomeOf<typeof CreateLocationResult>> {
    return idempotent(deps, 'createLocation', input, createLocation);
  }
}

export async function createLocation(
  { em, viewer, now }: Deps,
  input: CreateLocationInput,
): Promise<Location | UnknownPractice> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(viewer, practiceId);
  const timeZone = input.timeZone ? parseTimeZone(input.timeZone) : null;
  if (timeZone === undefined) throw badInput({ field: 'timeZone', message: 'must be an IANA time zone' });

  return em.transactional(async (em) => {
    const practice = await em.findOne(Practice, { id: practiceId });
    if (!practice) return new UnknownPractice();

    const location = new Location();
    location.id = await newId(em, Location, input.id);
    location.practiceId = practiceId;
    location.name = input.name.trim();
    location.kind = input.kind;
    location.timeZone = timeZone ?? practice.timeZone;
    location.address = input.address ?? null;
    location.instructions = input.instructions ?? null;
    location.createdAt = location.updatedAt = now;
    em.persist(location);
    publish(em, location.changed(), now);
    return location;
  });
}
