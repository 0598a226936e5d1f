// What consumers promise, whichever transport brings the events.
import { randomUUID } from 'node:crypto';
import { contractApp, type ContractApp } from './app.contract.js';
import { until } from './database.js';
import { deadLetters } from './dead-letters.js';
import type { EventTransport } from './event-transport.js';
import { noted, noteWritten } from './note.contract.js';
import type { RunningConsumers } from './start-consumers.js';

const topic = noteWritten.topic;

/** What each spec has for itself: an app, a group and keys. The log is one for all. */
interface World {
  readonly app: ContractApp;
  readonly consumers: RunningConsumers;
  /** Notes whose consumer fails, as `<noteId> <number>`. */
  readonly poison: Set<string>;
  readonly append: (...notes: [string, number][]) => Promise<void>;
  readonly seenOf: (noteId: string) => Promise<number[]>;
  /** Resolves when no dead letter is open. */
  readonly settled: () => Promise<void>;
}

async function makeWorld(transport: EventTransport): Promise<World> {
  const app = await contractApp(transport);
  const poison = new Set<string>();
  const consumers = await app.consume(randomUUID(), ({ noteId, number }) => {
    if (poison.has(`${noteId} ${number}`)) throw new Error('a note that nobody can read');
  });
  return {
    app,
    consumers,
    poison,
    append: (...notes) =>
      transport.append(
        notes.map(([noteId, number]) => ({ topic, key: noteId, envelope: noted({ noteId, number }) })),
      ),
    seenOf: async (noteId) =>
      (await app.seen()).filter((note) => note.noteId === noteId).map((note) => note.number),
    settled: () => until(async () => (await consumers.stats()).deadLetters === 0),
  };
}

export function describeConsumersOver(transport: () => EventTransport): void {
  describe('with consumers', () => {
    let world: World;
    beforeEach(async () => {
      world = await makeWorld(transport());
    });
    afterEach(() => world.app.close());

    describeDelivery(transport, () => world);
    describeParking(() => world);
    describeCommands(() => world);
    describeBrokenData(transport, () => world);
  });
}

function describeDelivery(transport: () => EventTransport, world: () => World): void {
  it('drops an event that is delivered twice', async () => {
    const { consumers, seenOf } = world();
    const record = { topic, key: 'twice', envelope: noted({ noteId: 'twice', number: 1 }) };
    await transport().append([record, record]);
    await transport().append([record]);
    await consumers.drain();
    expect(await seenOf('twice')).toEqual([1]);
  });

  it('passes over event types of the topic that it does not know', async () => {
    const { append, consumers, seenOf } = world();
    const envelope = { ...noted({ noteId: 'unknown', number: 1 }), type: 'contract.note-eaten.v1' };
    await transport().append([{ topic, key: 'unknown', envelope }]);
    await append(['unknown', 2]);
    await consumers.drain();
    expect(await seenOf('unknown')).toEqual([2]);
  });
}

function describeParking(world: () => World): void {
  it('parks the key of a poison message while other keys go on', async () => {
    const { app, append, consumers, poison, seenOf } = world();
    poison.add('parked 2');
    await append(['parked', 1], ['parked', 2], ['parked', 3], ['other', 1], ['other', 2]);
    await append(['parked', 4], ['other', 3]);
    await consumers.drain();
    expect(await seenOf('parked')).toEqual([1]);
    expect(await seenOf('other')).toEqual([1, 2, 3]);
    const letters = await deadLetters(app.orm).list();
    expect(letters.map(({ key, status, attempts }) => [key, status, attempts])).toEqual([
      ['parked', 'PARKED', 3],
      ['parked', 'WAITING', 0],
      ['parked', 'WAITING', 0],
    ]);
    expect(letters[0]?.reason).toBe('Error: a note that nobody can read');
    expect(await consumers.stats()).toEqual({ parkedKeys: 1, deadLetters: 3, lag: { [topic]: 0 } });
  });

  it('goes on with what waits behind a resolved event, even if the process died in between', async () => {
    const { app, append, consumers, poison, seenOf, settled } = world();
    poison.add('orphaned 1');
    await append(['orphaned', 1], ['orphaned', 2]);
    await consumers.drain();
    await app.query(`update dead_letter set status = 'REPLAYED' where status = 'PARKED'`);
    await settled();
    expect(await seenOf('orphaned')).toEqual([2]);
  });
}

function describeCommands(world: () => World): void {
  it('replays a parked key in order once the cause is mended, and later events follow', async () => {
    const { app, append, consumers, poison, seenOf, settled } = world();
    poison.add('mended 1');
    await append(['mended', 1], ['mended', 2], ['mended', 3]);
    await consumers.drain();
    poison.clear();
    const [letter] = await deadLetters(app.orm).list();
    expect(await deadLetters(app.orm).replay(letter?.id ?? '')).toBeUndefined();
    await settled();
    await append(['mended', 4]);
    await consumers.drain();
    expect(await seenOf('mended')).toEqual([1, 2, 3, 4]);
  });

  it('parks a replayed key again at the event that fails', async () => {
    const { app, append, consumers, poison, seenOf } = world();
    poison.add('again 1').add('again 3');
    await append(['again', 1], ['again', 2], ['again', 3], ['again', 4]);
    await consumers.drain();
    poison.delete('again 1');
    const [letter] = await deadLetters(app.orm).list();
    await deadLetters(app.orm).replay(letter?.id ?? '');
    const left = async (): Promise<string[]> =>
      (await deadLetters(app.orm).list()).map(({ status }) => status);
    await until(async () => (await left()).join() === 'PARKED,WAITING');
    expect(await seenOf('again')).toEqual([1, 2]);
  });

  it('skips a parked event and goes on with those behind it', async () => {
    const { app, append, consumers, poison, seenOf, settled } = world();
    poison.add('skipped 1');
    await append(['skipped', 1], ['skipped', 2], ['skipped', 3]);
    await consumers.drain();
    const [letter] = await deadLetters(app.orm).list();
    expect(await deadLetters(app.orm).skip(letter?.id ?? '', new Date(0))).toBeUndefined();
    await settled();
    expect(await seenOf('skipped')).toEqual([2, 3]);
    expect(await deadLetters(app.orm).skip(letter?.id ?? '', new Date(0))).toMatchObject({
      code: 'DEAD_LETTER_NOT_FOUND',
    });
  });
}

function describeBrokenData(transport: () => EventTransport, world: () => World): void {
  // The last one: later groups would meet its broken event, too.
  it('parks an event whose data breaks its contract at once', async () => {
    const { app, consumers } = world();
    const good = noted({ noteId: 'broken', number: 1 });
    const envelope = { ...good, data: { noteId: 'broken', number: 'one' } };
    await transport().append([{ topic, key: 'broken', envelope }]);
    await consumers.drain();
    expect(await deadLetters(app.orm).list()).toMatchObject([
      { key: 'broken', status: 'PARKED', attempts: 0 },
    ]);
  });
}
