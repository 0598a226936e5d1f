// Scheduling as the specs see it: a database of its own, the graph asked as this or that person, and what left by the outbox.
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { graphql } from 'graphql';
import { Registry } from 'prom-client';
import type { EventEnvelope } from '@caregraph/contracts';
import {
  createSealer,
  migrateDatabase,
  openDatabase,
  systemViewer,
  type Role,
  type Viewer,
} from '@caregraph/runtime';
import { buildSubgraph, masked } from '@caregraph/subgraph';
import { suiteDatabase } from '@caregraph/testing';
import { watchSearches } from './availability/availability-metrics.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { schemaParts } from './schema.js';

export const offerKeys = [{ kid: 'spec', secret: 'a secret of at least thirty-two letters' }];
export const sealer = createSealer([{ kid: 'spec', secret: randomBytes(32).toString('base64') }]);

/** A Sunday noon in UTC, far from any change of the clock in the zones of the specs. */
export const sunday = new Date('2026-06-07T12:00:00Z');

export const anonymous: Viewer = { ...systemViewer, memberships: [], sid: 'anonymous', requestId: 'spec' };
export const patient: Viewer = { ...anonymous, account: 'patient' };
export const support: Viewer = {
  ...anonymous,
  account: 'support',
  memberships: [{ practiceId: null, role: 'support' }],
};
export const memberOf = (practiceId: string, role: Role): Viewer => ({
  ...anonymous,
  account: `${role}-${practiceId}`,
  memberships: [{ practiceId, role }],
});

export interface Answer {
  // What a query answers is compared in full by each spec.
  readonly data: Record<string, Record<string, unknown> | null> | null;
  readonly errors: readonly {
    readonly code: unknown;
    readonly fields: readonly string[];
    readonly message: string;
  }[];
}

export interface Asking {
  readonly viewer?: Viewer;
  readonly now?: Date;
}

export type SpecApp = Awaited<ReturnType<typeof specApp>>;

export async function specApp() {
  const database = await suiteDatabase('scheduling');
  await migrateDatabase(database.ownerUrl, databaseParts);
  const orm = await openDatabase(database.url, databaseParts);
  const { schema } = await buildSubgraph(schemaParts);
  const metrics = new Registry();
  const searches = watchSearches(metrics);
  let queries = 0;
  const deps = ({ viewer = support, now = sunday }: Asking = {}): Deps => ({
    em: orm.em.fork(),
    viewer,
    now,
    requestId: 'spec',
    sealer,
    offerKeys,
    searches,
  });
  const count = orm.em.getConnection();
  const execute = count.execute.bind(count);
  count.execute = ((...args: Parameters<typeof execute>) => {
    queries += 1;
    return execute(...args);
  }) as typeof count.execute;

  return {
    deps,
    metrics,
    /** How many statements were sent to the database so far. */
    queries: () => queries,
    ask: async (
      source: string,
      variableValues: Record<string, unknown> = {},
      asking: Asking = {},
    ): Promise<Answer> => {
      const result = await graphql({ schema, source, variableValues, contextValue: deps(asking) });
      const errors = (result.errors ?? []).map((error) => {
        const { message, extensions } = masked(error, 'spec', error.path);
        const fields = (extensions?.fields ?? []) as { field: string }[];
        return { code: extensions?.code, fields: fields.map(({ field }) => field), message };
      });
      return { data: JSON.parse(JSON.stringify(result.data ?? null)) as Answer['data'], errors };
    },
    /** The events of one type that left, oldest first; only of this key when one is given. */
    events: async (type: string, key?: string): Promise<unknown[]> => {
      const rows = await orm.em
        .fork()
        .execute<{ payload: EventEnvelope; aggregateid: string }[]>(
          'select payload, aggregateid from outbox where type = ? order by seq',
          [type],
        );
      return rows.filter((row) => !key || row.aggregateid === key).map(({ payload }) => payload.data);
    },
    rows: async (sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> =>
      orm.em.fork().execute(sql, params),
    close: async () => {
      await orm.close();
      await database.drop();
    },
  };
}

const outcome = `__typename ... on DomainError { code message }`;

/** The answer's one root field; throws what the graph threw. */
export async function mutate(
  app: SpecApp,
  name: string,
  input: Record<string, unknown>,
  asking: Asking = {},
  selection = '',
): Promise<Record<string, unknown>> {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const source = `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${outcome} ${selection} } }`;
  const { data, errors } = await app.ask(source, { input }, asking);
  const [error] = errors;
  if (error) throw Object.assign(new Error(error.message), error);
  return data?.[name] ?? {};
}

/** A practice in Denver with one location, a provider who works there every weekday from nine to noon, and a type. */
export async function world(
  app: SpecApp,
  changes: { readonly type?: object; readonly provider?: object } = {},
) {
  const [practiceId, locationId, providerId, typeId] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  await mutate(app, 'createPractice', { id: practiceId, name: 'Harbor', timeZone: 'America/Denver' });
  await mutate(app, 'createLocation', { id: locationId, practiceId, name: 'Main' });
  await mutate(app, 'createProvider', {
    id: providerId,
    practiceId,
    name: 'Dr. Amelia Reyes',
    locationIds: [locationId],
    bookingSettings: { minimumNoticeHours: 1 },
    ...changes.provider,
  });
  await mutate(app, 'setWeeklyHours', { providerId, blocks: weekdays(locationId, '09:00', '12:00') });
  await mutate(app, 'createAppointmentType', {
    id: typeId,
    practiceId,
    name: 'Visit',
    durationMinutes: 60,
    bufferAfterMinutes: 0,
    priceAmountMinor: 12000,
    providerIds: [providerId],
    allowOnlineBooking: true,
    ...changes.type,
  });
  return { practiceId, locationId, providerId, typeId, admin: memberOf(practiceId, 'admin') };
}

export const weekdays = (locationId: string, start: string, end: string): object[] =>
  [1, 2, 3, 4, 5].map((weekday) => ({ weekday, start, end, locationId }));
