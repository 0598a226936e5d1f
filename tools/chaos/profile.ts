// How much of everything a campaign has.

export interface Profile {
  readonly name: 'short' | 'long';
  /** Requests of the random load; what a request needs first (free times) and retries come on top. */
  readonly requests: number;
  /** kill -9 of a random app. */
  readonly kills: number;
  /** PostgreSQL stopped without a checkpoint, and started again. */
  readonly databaseStops: number;
  /** Apps that stand still for a while and go on as if nothing had been. */
  readonly freezes: number;
  /** The broker killed and started again; only where events travel over Kafka. */
  readonly brokerKills: number;
  readonly vendorFaults: number;
  /** How often the manner in which webhooks travel changes. */
  readonly webhookManners: number;
  /** How long the load lasts, milliseconds. */
  readonly lastsMs: number;
}

export const profiles: Readonly<Record<Profile['name'], Profile>> = {
  short: {
    name: 'short',
    requests: 300,
    kills: 12,
    databaseStops: 2,
    freezes: 4,
    brokerKills: 1,
    vendorFaults: 24,
    webhookManners: 6,
    lastsMs: 30_000,
  },
  long: {
    name: 'long',
    requests: 2_000,
    kills: 60,
    databaseStops: 6,
    freezes: 20,
    brokerKills: 3,
    vendorFaults: 120,
    webhookManners: 24,
    lastsMs: 200_000,
  },
};
