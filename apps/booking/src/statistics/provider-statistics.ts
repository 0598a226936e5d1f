// How a provider answers and is booked: a read model, computed anew from his appointments every six hours.
import { defineEntity, p } from '@mikro-orm/postgresql';

const instant = () => p.datetime().columnType('timestamptz');

const ProviderStatisticsSchema = defineEntity({
  name: 'ProviderStatistics',
  tableName: 'provider_statistics',
  properties: {
    /** The provider's id. */
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    requests: p.integer(),
    confirmed: p.integer(),
    declined: p.integer(),
    expired: p.integer(),
    cancelled: p.integer(),
    completed: p.integer(),
    noShows: p.integer(),
    averageResponseMinutes: p.integer().nullable(),
    medianResponseMinutes: p.integer().nullable(),
    confirmationRateBasisPoints: p.integer().nullable(),
    completionRateBasisPoints: p.integer().nullable(),
    revenueAmountMinor: p.bigint('number'),
    /** Null until something was earned. */
    revenueCurrency: p.string().nullable(),
    last30DaysRequests: p.integer().fieldName('last30_days_requests'),
    last30DaysConfirmed: p.integer().fieldName('last30_days_confirmed'),
    lastBookingAt: instant().nullable(),
    lastCompletedAt: instant().nullable(),
    calculatedAt: instant(),
  },
});
export class ProviderStatistics extends ProviderStatisticsSchema.class {}
ProviderStatisticsSchema.setClass(ProviderStatistics);
export { ProviderStatisticsSchema };
