// What is told of a provider, when he is set up and when he changes.
import { ArrayMaxSize, IsEmail, Length, Matches } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { badInput, idOf } from '@caregraph/subgraph';
import { parseTimeZone } from '@caregraph/time';
import { findInOrder } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Location, UnknownLocation } from '../location/location.js';
import { sent, sentValues } from '../sent.js';
import { emailContext, mobileContext, mobileOf } from './contact.js';
import type { ProviderDetails } from './provider.js';

@InputType()
export class ProviderDetailsInput {
  @Field(() => String, { nullable: true, description: "The person's login (sub); null: nobody logs in." })
  @Length(1, 255)
  account?: string | null;

  @Field(() => [String], { nullable: true, description: 'At most 20, each at most 100 characters.' })
  @ArrayMaxSize(20)
  @Length(1, 100, { each: true })
  specialties?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'BCP 47, at most 20.' })
  @ArrayMaxSize(20)
  @Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { each: true, message: 'must be BCP 47 language tags' })
  languages?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Insurances accepted, at most 100.' })
  @ArrayMaxSize(100)
  @Length(1, 100, { each: true })
  insurances?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'IANA zone of his working hours; America/Denver at first.',
  })
  timeZone?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Locations of his practice where he works, at most 50.' })
  @ArrayMaxSize(50)
  locationIds?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Where mails go; null: none are sent.' })
  @IsEmail({}, { message: 'must be an email address' })
  @Length(3, 254)
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A mobile number, E.164 or national of `country`; null: no texts.',
  })
  @Length(5, 32)
  mobile?: string | null;

  @Field(() => String, { defaultValue: 'US', description: 'ISO 3166-1 country of a national number.' })
  @Matches(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 alpha-2 code' })
  country!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether he may set his own weekly hours and days himself; not at first.',
  })
  keepsOwnHours?: boolean | null;
}

export const namePattern = /^[^\r\n<>]*[^\s<>][^\r\n<>]*$/;

/** The details that the input asks for, contact data sealed; refuses input that is wrong, naming the field. */
export function providerDetails(
  { sealer }: Pick<Deps, 'sealer'>,
  providerId: string,
  input: ProviderDetailsInput,
): ProviderDetails {
  const { account, email } = input;
  const timeZone = input.timeZone ? parseTimeZone(input.timeZone) : null;
  if (timeZone === undefined) throw badInput({ field: 'timeZone', message: 'must be an IANA time zone' });
  const mobile = input.mobile && mobileOf(input.mobile, input.country);
  return {
    ...sent({
      account,
      email: email && sealer.seal(email.toLowerCase(), emailContext(providerId)),
      mobile: mobile && sealer.seal(mobile, mobileContext(providerId)),
    }),
    ...sentValues({
      timeZone,
      keepsOwnHours: input.keepsOwnHours,
      specialties: once(input.specialties),
      languages: once(input.languages),
      insurances: once(input.insurances),
      locationIds: once(input.locationIds?.map((id) => idOf('locationIds', id))),
    }),
  };
}

const once = (list: readonly string[] | null | undefined): string[] | null =>
  list ? [...new Set(list)] : null;

/** The first location that is not the practice's. */
export async function foreignLocation(
  em: Deps['em'],
  practiceId: string,
  locationIds: readonly string[] = [],
): Promise<UnknownLocation | undefined> {
  const locations = await findInOrder(em, Location, locationIds);
  const unknown = locationIds.find((_, index) => locations[index]?.practiceId !== practiceId);
  return unknown === undefined ? undefined : new UnknownLocation(unknown);
}
