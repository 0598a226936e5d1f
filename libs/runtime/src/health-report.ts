// How an app's work stands (GW-027): healthy, degraded (it works, somebody should look) or unhealthy.
import { inTime } from './in-time.js';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface HealthCheck {
  readonly status: HealthStatus;
  /** What was found, and what it has to stay below. */
  readonly value?: number;
  readonly limit?: number;
}

export type HealthChecks = Readonly<Record<string, HealthCheck>>;

export interface HealthReport {
  /** The worst of all checks. */
  readonly status: HealthStatus;
  readonly checks: HealthChecks;
}

/** Healthy below the limit; at the limit or above it is as bad as said. */
export const below = (
  limit: number,
  value: number,
  otherwise: Exclude<HealthStatus, 'healthy'> = 'degraded',
): HealthCheck => ({ status: value < limit ? 'healthy' : otherwise, value, limit });

const badness = { healthy: 0, degraded: 1, unhealthy: 2 } as const;

export const worstOf = (checks: HealthChecks): HealthStatus =>
  Object.values(checks).reduce<HealthStatus>(
    (worst, { status }) => (badness[status] > badness[worst] ? status : worst),
    'healthy',
  );

interface Asked {
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly health?: () => Promise<HealthChecks>;
}

/** Runs the readiness checks and the app's own; what cannot be answered within two seconds is unhealthy. */
export async function healthReport({ checks, health }: Asked): Promise<HealthReport> {
  const ready = Object.entries(checks).map(async ([name, check]) => [name, await passes(check)] as const);
  const own = health && inTime(health).catch((): HealthChecks => ({ figures: { status: 'unhealthy' } }));
  const all = { ...Object.fromEntries(await Promise.all(ready)), ...(await own) };
  return { status: worstOf(all), checks: all };
}

const passes = (check: () => Promise<unknown>): Promise<HealthCheck> =>
  inTime(check).then(
    () => ({ status: 'healthy' }),
    () => ({ status: 'unhealthy' }),
  );
