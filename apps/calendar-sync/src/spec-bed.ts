// What calendar-sync's database specs stand on: a migrated database, events that are heard, people who ask.
import { randomUUID } from 'node:crypto';
import { graphql, type GraphQLSchema } from 'graphql';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import {
  appointmentConfirmed,
  envelope,
  providerChanged,
  type AppointmentState,
  type EventDefinition,
  type ProviderChanged,
} from '@caregraph/contracts';
import { migrateDatabase, openDatabase, systemViewer, type Membership } from '@caregraph/runtime';
import { buildSubgraph } from '@caregraph/subgraph';
import { suiteDatabase } from '@caregraph/testing';
import type { ConnectionState } from './calendar-connection/lifecycle.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { schemaParts } from './schema.js';

/** A provider and one of his appointments, nobody else's: the contracts' examples under ids of their own. */
export interface Story {
  readonly provider: ProviderChanged;
  readonly appointment: AppointmentState;
}

/** An event as it lies in the outbox. */
export interface Published {
  readonly type: string;
  readonly data: unknown;
}

type Answer = Readonly<Record<string, unknown>>;

export class CalendarBed {
  now = new Date('2026-11-21T12:00:00.000Z');

  private constructor(
    private readonly orm: MikroORM,
    private readonly schema: GraphQLSchema,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<CalendarBed> {
    const database = await suiteDatabase('calendar_sync');
    await migrateDatabase(database.ownerUrl, databaseParts);
    const orm = await openDatabase(database.url, databaseParts);
    const { schema } = await buildSubgraph(schemaParts);
    return new CalendarBed(orm, schema, async () => {
      await orm.close();
      await database.drop();
    });
  }

  em(): EntityManager {
    return this.orm.em.fork();
  }

  /** The dependencies of one call by this person. */
  as(account: string | null, ...memberships: Membership[]): Deps {
    const viewer = { ...systemViewer, account, memberships, requestId: randomUUID() };
    return { em: this.em(), viewer, now: this.now, requestId: viewer.requestId };
  }

  /** Hears an event as the consumers do, but without the inbox: what comes twice is really worked off twice. */
  async hear<Type extends string, Data>(definition: EventDefinition<Type, Data>, data: Data): Promise<void> {
    const consumer = consumers.find(({ type }) => type === definition.type);
    if (!consumer) throw new Error(`Nobody listens to ${definition.type}.`);
    const meta = { id: randomUUID(), source: 'spec', time: this.now };
    const work = consumer.prepare(envelope(definition.of(data), meta));
    await this.em().transactional((em) =>
      work({ em, viewer: systemViewer, now: this.now, requestId: meta.id }),
    );
  }

  /** A provider who was heard of, and an appointment that was not yet. */
  async story(): Promise<Story> {
    const providerId = randomUUID();
    const practiceId = randomUUID();
    const provider = {
      ...providerChanged.example,
      providerId,
      practiceId,
      account: `provider-${providerId}`,
    };
    await this.hear(providerChanged, provider);
    const appointment: AppointmentState = {
      ...appointmentConfirmed.example,
      appointmentId: randomUUID(),
      practiceId,
      providerId,
      providerAccount: provider.account,
      accounts: [`patient-${providerId}`],
    };
    return { provider, appointment };
  }

  /** No vendor is built in yet, so a connection becomes connected by its row. */
  async connect(
    providerId: string,
    state: ConnectionState = 'CONNECTED',
    lastSyncedAt: Date | null = null,
  ): Promise<void> {
    await this.em().execute('update calendar_connection set state = ?, last_synced_at = ? where id = ?', [
      state,
      lastSyncedAt,
      providerId,
    ]);
  }

  /** What was published under this key, oldest first. */
  async published(key: string): Promise<Published[]> {
    return this.em().execute<Published[]>(
      `select type, payload -> 'data' as data from outbox where aggregateid = ? order by seq`,
      [key],
    );
  }

  /** What the graph answers this person; throws the first error. */
  async answer(deps: Deps, source: string, variableValues: Record<string, unknown> = {}): Promise<Answer> {
    const result = await graphql({ schema: this.schema, source, variableValues, contextValue: deps });
    const [error] = result.errors ?? [];
    if (error) throw error;
    return result.data ?? {};
  }

  /** The field that calendar-sync adds to a noun of others, as the gateway asks for it; null: not to be seen. */
  async fieldOf(deps: Deps, typename: string, id: string, selection: string): Promise<unknown> {
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} ${selection} } }`;
    const data = await this.answer(deps, source, { of: [{ __typename: typename, id }] });
    return (data._entities as unknown[])[0];
  }
}
