// A small app for the specs of this library: it publishes notes, and writes down which notes it consumed.
import { Migration } from '@mikro-orm/migrations';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { createLogger, migrateDatabase, openDatabase, systemClock } from '@caregraph/runtime';
import { suiteDatabase } from '@caregraph/testing';
import {
  consumer,
  messagingEntities,
  messagingMigrations,
  publish,
  startConsumers,
  startRelay,
  type Consumer,
  type EventTransport,
  type Relay,
  type RelayOptions,
  type RunningConsumers,
} from './index.js';
import { noteWritten, type NoteWritten } from './note.contract.js';

export const silent = createLogger('contract', 'silent');

class SeenNotes extends Migration {
  override up(): void {
    this.addSql(
      'create table seen_note (seq bigserial primary key, note_id text not null, number int not null)',
    );
  }
}

export interface NoteDeps {
  readonly em: EntityManager;
}

export interface ContractApp {
  readonly orm: MikroORM;
  readonly url: string;
  /** Publishes notes, one transaction for all. */
  write(...notes: NoteWritten[]): Promise<void>;
  relay(options?: Partial<RelayOptions>): Relay;
  /** Starts consumers of the app; `then` runs after each effect, in its transaction, and may throw. */
  consume(
    group: string,
    then?: (data: NoteWritten) => unknown,
    over?: EventTransport,
  ): Promise<RunningConsumers>;
  /** What was consumed, in order. */
  seen(): Promise<NoteWritten[]>;
  query<Row>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** An app with a database of its own on the given transport. */
export async function contractApp(transport: EventTransport): Promise<ContractApp> {
  const database = await suiteDatabase();
  const migrations = [...messagingMigrations, { name: '20261121T0901-seen-notes', class: SeenNotes }];
  const parts = { entities: [...messagingEntities], migrations };
  await migrateDatabase(database.ownerUrl, parts);
  const orm = await openDatabase(database.url, parts);
  const running: { stop(): Promise<void> }[] = [];
  const common = { orm, transport, log: silent, clock: systemClock };

  return {
    orm,
    url: database.url,
    write: (...notes) =>
      orm.em.fork().transactional((em) => {
        for (const note of notes) publish(em, noteWritten.of(note), new Date());
      }),
    relay: (options) => {
      const relay = startRelay({ ...common, ...options });
      running.push(relay);
      return relay;
    },
    consume: async (group, then, over = transport) => {
      const consumers = await startConsumers<NoteDeps>({
        ...common,
        transport: over,
        group,
        consumers: [noteKeeper(then)],
        depsFor: (em) => ({ em }),
        retry: { tries: 3, firstPauseMs: 5 },
      });
      running.push(consumers);
      return consumers;
    },
    seen: () =>
      orm.em.fork().execute<NoteWritten[]>('select note_id as "noteId", number from seen_note order by seq'),
    query: <Row>(sql: string) => orm.em.fork().execute<(Row & object)[]>(sql),
    close: async () => {
      await Promise.all(running.map((each) => each.stop()));
      await orm.close();
      await database.drop();
    },
  };
}

const noteKeeper = (then: (data: NoteWritten) => unknown = () => undefined): Consumer<NoteDeps> =>
  consumer(noteWritten, async ({ em }: NoteDeps, data) => {
    await em.execute(
      'insert into seen_note (note_id, number) values (?, ?)',
      [data.noteId, data.number],
      'run',
    );
    // After the effect, so that a failure has something to undo.
    await then(data);
  });
