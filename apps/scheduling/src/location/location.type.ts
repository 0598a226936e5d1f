// A location as clients see it. Public.
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { refusalType, type LoadReferences } from '@caregraph/subgraph';
import { findInOrder } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Location, locationKinds, UnknownLocation } from './location.js';

export const LocationKindEnum = Object.fromEntries(locationKinds.map((kind) => [kind, kind]));
registerEnumType(LocationKindEnum, { name: 'LocationKind', description: 'Who comes to whom, or neither.' });

refusalType(UnknownLocation, 'Returned when the practice, or the provider, has no such location.', {
  locationId: { type: () => ID, description: 'The id that names no location.' },
});

@Directive('@key(fields: "id")')
@ObjectType('Location', { description: 'Where appointments happen; telehealth is a location too.' })
export class LocationObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => LocationKindEnum, { description: 'In person, telehealth, or at the patient’s home.' })
  kind!: string;

  @Field(() => String, { description: 'IANA zone.' })
  timeZone!: string;

  @Field(() => String, { nullable: true, description: 'One line, as printed in messages.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'How to get in.' })
  instructions!: string | null;

  @Field(() => Boolean, { description: 'Whether it is in use.' })
  active!: boolean;
}

export const loadLocations: LoadReferences<Deps> = ({ em }, ids) => findInOrder(em, Location, ids);
