// A practice as clients see it, and how the gateway finds it. Public: it is what patients choose from.
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { connectionOf, refusalType, type LoadReferences } from '@caregraph/subgraph';
import type { BookingSettings } from '@caregraph/contracts';
import { findInOrder } from '../by-id.js';
import { isAtDesk } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { BookingSettingsObject } from './booking-settings.type.js';
import { practiceEmailContext } from '../provider/contact.js';
import { Practice, PracticeExists, UnknownPractice } from './practice.js';

refusalType(UnknownPractice, 'Returned when there is no such practice.');
refusalType(PracticeExists, 'Returned when the id chosen is that of a practice already open.');

@Directive('@key(fields: "id")')
@ObjectType('Practice', { description: 'Who offers appointments.' })
export class PracticeObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'IANA zone of its reports and of times that name no other.' })
  timeZone!: string;

  @Field(() => String, { description: 'ISO 4217; its prices are in it.' })
  currency!: string;

  @Field(() => String, { description: 'Two to four letters before each booking number.' })
  bookingNumberPrefix!: string;

  @Field(() => BookingSettingsObject, {
    description: 'How its providers are booked unless they say otherwise.',
  })
  bookingSettings!: BookingSettings;

  @Field(() => Boolean, { description: 'Whether it takes bookings.' })
  active!: boolean;
}

@Resolver(() => PracticeObject)
export class PracticeFields {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Where its desk gets mail, for example of payments that failed; null to all but the desk.',
  })
  email(@Root() { id, email }: Practice, @Ctx() { viewer, sealer }: Deps): string | null {
    return email !== null && isAtDesk(viewer, id) ? sealer.open(email, practiceEmailContext(id)) : null;
  }
}

export const PracticeConnection = connectionOf(PracticeObject, 'Practice');

export const loadPractices: LoadReferences<Deps> = ({ em }, ids) => findInOrder(em, Practice, ids);
