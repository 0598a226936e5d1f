// Computes a provider's figures from his appointments alone, so that a run that is lost or comes twice changes nothing.
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';
import { KnownProvider } from '../catalogue/known.js';
import type { Deps } from '../deps.js';

export const calculateStatistics = defineJob('calculate-statistics', z.object({}), {
  description: "Computes each provider's statistics anew, every six hours (GW-013).",
  expireInSeconds: 600,
});

export async function providersToMeasure(em: EntityManager): Promise<string[]> {
  const providers = await em.find(KnownProvider, {}, { fields: ['id'] });
  return providers.map(({ id }) => id);
}

/**
 * A request is a booking that reached him: he was asked, or it was confirmed at once. Minutes to answer count requests
 * that he confirmed or declined; what expired counts against the rate of confirmation and not as an answer.
 */
export async function measureProvider(
  { em, now }: Pick<Deps, 'em' | 'now'>,
  providerId: string,
): Promise<void> {
  await em.execute(
    `insert into provider_statistics
     with own as (
       select *,
         extract(epoch from responded_at - confirmation_requested_at) / 60 as minutes,
         created_at > ?::timestamptz - interval '30 days' as recent
       from appointment
       where provider_id = ? and (confirmation_requested_at is not null or confirmed_at is not null)
     )
     select p.id, p.practice_id,
       count(own.id), count(confirmed_at),
       count(*) filter (where response_type = 'DECLINED'),
       count(*) filter (where response_type = 'EXPIRED'),
       count(*) filter (where status like 'CANCELLED%' and response_type is distinct from 'DECLINED'),
       count(*) filter (where status = 'COMPLETED'),
       count(*) filter (where status = 'NO_SHOW'),
       round(avg(minutes) filter (where response_type in ('CONFIRMED', 'DECLINED'))),
       round(percentile_cont(0.5) within group (order by minutes) filter (where response_type in ('CONFIRMED', 'DECLINED'))),
       round(10000.0 * count(confirmed_at) / nullif(count(confirmed_at) + count(*) filter (where response_type in ('DECLINED', 'EXPIRED')), 0)),
       round(10000.0 * count(*) filter (where status = 'COMPLETED') / nullif(count(confirmed_at), 0)),
       coalesce(sum(price_amount_minor) filter (where status = 'COMPLETED'), 0),
       max(price_currency) filter (where status = 'COMPLETED'),
       count(*) filter (where recent),
       count(confirmed_at) filter (where recent),
       max(own.created_at),
       max(end_at) filter (where status = 'COMPLETED'),
       ?::timestamptz
     from known_provider p left join own on true
     where p.id = ?
     group by p.id, p.practice_id
     on conflict (id) do update set (${figures}) = row(${figures
       .split(', ')
       .map((name) => `excluded.${name}`)
       .join(', ')})
       where provider_statistics.calculated_at <= excluded.calculated_at`,
    [now, providerId, now, providerId],
    'run',
  );
}

const figures =
  'requests, confirmed, declined, expired, cancelled, completed, no_shows, average_response_minutes, ' +
  'median_response_minutes, confirmation_rate_basis_points, completion_rate_basis_points, revenue_amount_minor, ' +
  'revenue_currency, last30_days_requests, last30_days_confirmed, last_booking_at, last_completed_at, calculated_at';
