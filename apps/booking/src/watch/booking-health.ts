// How booking's work stands (GW-027): requests that wait, requests that end soon, and the job that ends them.
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Registry } from 'prom-client';
import type { Jobs } from '@caregraph/jobs';
import { addStateGauges, below, type Clock, type HealthChecks } from '@caregraph/runtime';
import { sweepAppointments } from '../appointment/appointment.jobs.js';

export interface HealthLimits {
  readonly HEALTH_PENDING_LIMIT: number;
  readonly HEALTH_EXPIRING_LIMIT: number;
  readonly HEALTH_EXPIRING_HOURS: number;
  readonly HEALTH_EXPIRATION_JOB_MINUTES: number;
}

export interface WaitingRequests {
  /** Wait for the provider's answer. */
  readonly pending: number;
  /** Of these, end within the given hours, or should have ended already. */
  readonly expiring: number;
}

/** Reads only the partial index of requests that wait. */
export async function waitingRequests(em: EntityManager, until: Date): Promise<WaitingRequests> {
  const [row] = await em.execute<WaitingRequests[]>(
    `select count(*)::int as pending,
       count(*) filter (where confirmation_deadline_at <= ?::timestamptz)::int as expiring
     from appointment where status = 'PENDING_CONFIRMATION'`,
    [until.toISOString()],
  );
  return row ?? { pending: 0, expiring: 0 };
}

interface Watched {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly limits: HealthLimits;
}

const readWaiting = ({ orm, clock, limits }: Watched): Promise<WaitingRequests> =>
  waitingRequests(orm.em.fork(), new Date(clock.now().getTime() + limits.HEALTH_EXPIRING_HOURS * 3_600_000));

export function addRequestGauges(registry: Registry, watched: Watched): void {
  addStateGauges(registry, () => readWaiting(watched), [
    {
      name: 'caregraph_booking_requests_pending',
      help: 'Requests that wait for the provider.',
      samples: ({ pending }) => [{ value: pending }],
    },
    {
      name: 'caregraph_booking_requests_expiring',
      help: 'Of the requests that wait, those that end within HEALTH_EXPIRING_HOURS.',
      samples: ({ expiring }) => [{ value: expiring }],
    },
  ]);
}

/** Too many requests degrade; a job that does not end them makes all that the app tells of them untrue. */
export const bookingHealth =
  (watched: Watched & { readonly jobs: Pick<Jobs, 'cronRuns'> }) => async (): Promise<HealthChecks> => {
    const { limits, jobs } = watched;
    const [{ pending, expiring }, runs] = await Promise.all([readWaiting(watched), jobs.cronRuns()]);
    const sweep = runs.find(({ job }) => job === sweepAppointments.name);
    const minutesSinceSweep = Math.floor((sweep?.secondsSinceSuccess ?? Infinity) / 60);
    return {
      pendingRequests: below(limits.HEALTH_PENDING_LIMIT, pending),
      expiringRequests: below(limits.HEALTH_EXPIRING_LIMIT, expiring),
      expirationJobMinutes: below(limits.HEALTH_EXPIRATION_JOB_MINUTES, minutesSinceSweep, 'unhealthy'),
    };
  };
