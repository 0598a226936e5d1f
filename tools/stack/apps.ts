// What the stack is made of, and in which order it starts: the outside world, the subgraphs, the gateway.

export interface AppDefinition {
  readonly name: string;
  /** Its database's name; left out where the app keeps nothing. */
  readonly database?: string;
  /** Apps of one stage start together, when those of the stage before are ready. They stop in the reverse order. */
  readonly stage: number;
  /** Where it answers 200 when it can work; `/readyz` when left out. */
  readonly readyPath?: string;
  /** A script to run in place of `apps/<name>`. */
  readonly entry?: string;
}

export const apps: readonly AppDefinition[] = [
  // It needs nothing, so it is ready when it lives.
  { name: 'sandbox', stage: 0, readyPath: '/healthz' },
  { name: 'scheduling', database: 'scheduling', stage: 1 },
  { name: 'booking', database: 'booking', stage: 1 },
  { name: 'payments', database: 'payments', stage: 1 },
  { name: 'notifications', database: 'notifications', stage: 1 },
  { name: 'calendar-sync', database: 'calendar_sync', stage: 1 },
  { name: 'platform', database: 'platform', stage: 1 },
  { name: 'gateway', stage: 2 },
];

export const eventLogDatabase = 'event_log';

/** The subgraphs, each with its part of variable names: `calendar-sync` is CALENDAR_SYNC. */
export const subgraphs = [
  'booking',
  'scheduling',
  'payments',
  'notifications',
  'calendar-sync',
  'platform',
] as const;
export const variablePart = (app: string): string => app.toUpperCase().replaceAll('-', '_');
