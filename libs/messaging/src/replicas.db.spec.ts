import { drainEvents, eventually, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { contractApp, silent, type ContractApp } from './app.contract.js';
import { until } from './database.js';
import { deadLetters, migrateEventLog, postgresTransport, type EventTransport } from './index.js';
import type { NoteWritten } from './note.contract.js';

describe('several replicas of an app', () => {
  let log: SuiteDatabase;
  let transports: EventTransport[];
  let app: ContractApp;

  beforeEach(async () => {
    log = await suiteDatabase('event_log');
    await migrateEventLog(log.ownerUrl);
    transports = [1, 2, 3].map(() => postgresTransport({ url: log.url, log: silent, pollMs: 100 }));
    const [first] = transports;
    if (!first) throw new Error('No transport.');
    app = await contractApp(first);
  });
  afterEach(async () => {
    await app.close();
    await Promise.all(transports.map((transport) => transport.close()));
    await log.drop();
  });

  const notes = Array.from({ length: 3_000 }, (_, index) => ({ noteId: `key-${index % 30}`, number: index }));
  const inOrder = (seen: NoteWritten[]): boolean => {
    const last = new Map<string, number>();
    return seen.every(({ noteId, number }) => {
      const grows = number > (last.get(noteId) ?? -1);
      last.set(noteId, number);
      return grows;
    });
  };

  it('do each event once and in order of its key while replicas come and go', async () => {
    const relay = app.relay();
    const first = await app.consume('app', undefined, transports[0]);
    await app.write(...notes);
    const second = await app.consume('app', undefined, transports[1]);
    await until(async () => (await app.seen()).length > 500);
    await first.stop();
    await app.consume('app', undefined, transports[2]);
    await relay.drain();
    await second.drain();
    const seen = await app.seen();
    expect(seen).toHaveLength(notes.length);
    expect(inOrder(seen)).toBe(true);
  });

  it('park nothing when the connections to the databases are cut in the middle of the work', async () => {
    const relay = app.relay();
    const consumers = await app.consume('app', undefined, transports[0]);
    await app.write(...notes);
    await until(async () => (await app.seen()).length > 300);
    await cutOthers(app);
    await until(async () => (await app.seen()).length > 1_500);
    await cutOthers(app);
    // The first to ask may be given a connection of which nobody has noticed yet that it is dead.
    await eventually('all is worked off', async () => {
      await drainEvents([relay], [consumers]);
      return true;
    });
    const seen = await app.seen();
    expect(await deadLetters(app.orm).list()).toEqual([]);
    expect(seen).toHaveLength(notes.length);
    expect(inOrder(seen)).toBe(true);
  });
});

/** Ends all connections to the app's database but the asking one. */
async function cutOthers(app: ContractApp): Promise<void> {
  await app.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database()`);
}
