// A provider's statistics in the graph: for himself and his practice's desk.
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { hasRole, type Viewer } from '@caregraph/runtime';
import { isId, Money, type LoadReferences } from '@caregraph/subgraph';
import { ProviderStub } from '../appointment/appointment.type.js';
import { KnownProvider } from '../catalogue/known.js';
import type { Deps } from '../deps.js';
import { ProviderStatistics } from './provider-statistics.js';

const minutes = 'to answer a request, by a yes or a no, in minutes; null before the first.';

@ObjectType('ProviderStatistics', {
  description:
    'How a provider answers and is booked, over all time unless said otherwise; every six hours anew.',
})
class ProviderStatisticsObject {
  @Field(() => Int, {
    description: 'Bookings that reached him: he was asked, or they were confirmed at once.',
  })
  requests!: number;

  @Field(() => Int, { description: 'Those that were confirmed, also if they were called off later.' })
  confirmed!: number;

  @Field(() => Int, { description: 'Those that he declined.' })
  declined!: number;

  @Field(() => Int, { description: 'Those that he did not answer in time.' })
  expired!: number;

  @Field(() => Int, { description: 'Those that were called off, by whomever; declined ones not counted.' })
  cancelled!: number;

  @Field(() => Int, { description: 'Those that took place.' })
  completed!: number;

  @Field(() => Int, { description: 'Those to which the patient did not come.' })
  noShows!: number;

  @Field(() => Int, { nullable: true, description: `The average time ${minutes}` })
  averageResponseMinutes!: number | null;

  @Field(() => Int, { nullable: true, description: `The median time ${minutes}` })
  medianResponseMinutes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Confirmed of all that were confirmed, declined or expired, in basis points; null before the first.',
  })
  confirmationRateBasisPoints!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Completed of all that were confirmed, in basis points; null before the first.',
  })
  completionRateBasisPoints!: number | null;

  @Field(() => Int, { description: 'Bookings of the last 30 days that reached him.' })
  last30DaysRequests!: number;

  @Field(() => Int, { description: 'Those of them that were confirmed.' })
  last30DaysConfirmed!: number;

  @Field(() => Date, { nullable: true, description: 'When he was last booked.' })
  lastBookingAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When his last completed appointment ended.' })
  lastCompletedAt!: Date | null;

  @Field(() => Date, { description: 'When these figures were computed.' })
  calculatedAt!: Date;
}

@Resolver(() => ProviderStatisticsObject)
export class ProviderStatisticsFields {
  @FieldResolver(() => Money, {
    nullable: true,
    description: 'The agreed prices of what was completed; null before the first.',
  })
  revenue(@Root() { revenueAmountMinor, revenueCurrency }: ProviderStatistics): Money | null {
    return revenueCurrency ? { amountMinor: revenueAmountMinor, currency: revenueCurrency } : null;
  }
}

@Resolver(() => ProviderStub)
export class StatisticsField {
  @FieldResolver(() => ProviderStatisticsObject, {
    nullable: true,
    description:
      "How he answers and is booked; null to all but himself and his practice's desk, and before the first six hours.",
  })
  async statistics(@Root() { id }: ProviderStub, @Ctx() deps: Deps): Promise<ProviderStatistics | null> {
    const { em, viewer } = deps;
    const provider = await em.findOne(KnownProvider, { id });
    return provider && maySee(viewer, provider) ? em.findOne(ProviderStatistics, { id }) : null;
  }
}

const maySee = (viewer: Viewer, { practiceId, account }: KnownProvider): boolean =>
  hasRole(viewer, practiceId, 'staff', 'admin', 'support') ||
  (account !== null && account === viewer.account);

/** Providers are public; what is added to them is not, and says so itself. */
export const loadProviders: LoadReferences<Deps> = async ({ em }, ids) => {
  const known = await em.find(KnownProvider, { id: { $in: ids.filter(isId) } });
  const found = new Set(known.map(({ id }) => id));
  return ids.map((id) => (found.has(id) ? { id } : null));
};
