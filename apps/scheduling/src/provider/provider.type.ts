// A provider as clients see him, and how the gateway finds him. Public, except his contact data and login.
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import type { BookingSettings } from '@caregraph/contracts';
import { connectionOf, refusalType, type LoadReferences } from '@caregraph/subgraph';
import { byId, byIds, findInOrder } from '../by-id.js';
import { isAtDesk } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Location } from '../location/location.js';
import { LocationObject } from '../location/location.type.js';
import { BookingSettingsObject } from '../practice/booking-settings.type.js';
import { Practice } from '../practice/practice.js';
import { PracticeObject } from '../practice/practice.type.js';
import { emailContext, mobileContext } from './contact.js';
import { Provider, UnknownProvider } from './provider.js';

refusalType(UnknownProvider, 'Returned when there is no such provider, or he is of another practice.', {
  providerId: { type: () => ID, description: 'The id that names no provider.' },
});

@Directive('@key(fields: "id")')
@ObjectType('Provider', { description: 'Who is seen at an appointment.' })
export class ProviderObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'As patients know him: Dr. Amelia Reyes.' })
  name!: string;

  @Field(() => [String], { description: 'What he is trained in, at most 20.' })
  specialties!: string[];

  @Field(() => [String], { description: 'Languages he speaks, BCP 47, at most 20.' })
  languages!: string[];

  @Field(() => [String], { description: 'Insurances he accepts, at most 100.' })
  insurances!: string[];

  @Field(() => String, { description: 'IANA zone of his working hours (SC-008).' })
  timeZone!: string;

  @Field(() => Boolean, { description: 'Whether he takes bookings.' })
  active!: boolean;

  @Field(() => Boolean, { description: 'Whether he sets his own hours himself; else only admins do.' })
  keepsOwnHours!: boolean;
}

@Resolver(() => ProviderObject)
export class ProviderFields {
  @FieldResolver(() => PracticeObject, { nullable: true, description: 'Where he belongs.' })
  practice(@Root() { practiceId }: Provider, @Ctx() deps: Deps): Promise<Practice | null> {
    return byId(deps, Practice, practiceId);
  }

  @FieldResolver(() => [LocationObject], { description: 'Where he works, at most 50.' })
  locations(@Root() { locationIds }: Provider, @Ctx() deps: Deps): Promise<Location[]> {
    return byIds(deps, Location, locationIds);
  }

  @FieldResolver(() => BookingSettingsObject, {
    nullable: true,
    description: "How he is booked: his own settings, else the practice's.",
  })
  async bookingSettings(@Root() provider: Provider, @Ctx() deps: Deps): Promise<BookingSettings | null> {
    const practice = await byId(deps, Practice, provider.practiceId);
    return practice && provider.bookingSettings(practice.bookingSettings);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Where mails go; null to all but himself and his practice's desk.",
  })
  email(@Root() provider: Provider, @Ctx() deps: Deps): string | null {
    const sealed = maySeeContact(deps, provider) ? provider.email : null;
    return sealed && deps.sealer.open(sealed, emailContext(provider.id));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "E.164, where texts go; null to all but himself and his practice's desk.",
  })
  mobile(@Root() provider: Provider, @Ctx() deps: Deps): string | null {
    const sealed = maySeeContact(deps, provider) ? provider.mobile : null;
    return sealed && deps.sealer.open(sealed, mobileContext(provider.id));
  }
}

const maySeeContact = ({ viewer }: Deps, { practiceId, account }: Provider): boolean =>
  isAtDesk(viewer, practiceId) || (account !== null && account === viewer.account);

export const ProviderConnection = connectionOf(ProviderObject, 'Provider');

export const loadProviders: LoadReferences<Deps> = ({ em }, ids) => findInOrder(em, Provider, ids);
