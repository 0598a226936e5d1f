import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import {
  createLogger,
  followRings,
  keyRing,
  readConfig,
  sealingRing,
  type Key,
  type Ring,
} from '@caregraph/runtime';
import { z } from 'zod';
import { makeRings, rings, ringVariables, writeRing, type RingDefinition } from '../stack/rings.js';
import type { StackFile } from '../stack/stack-file.js';
import { KeyRing } from './support/key-ring.js';
import { samplesIn } from './support/metrics.js';
import { retireKeys, rotateKey } from './support/rotate-key.js';

const ringNamed = (name: string): RingDefinition => rings.find((ring) => ring.name === name)!;
const schemas = {
  scheduling: z.object({ OFFER_KEYS: keyRing }),
  booking: z.object({ OFFER_KEYS: keyRing }),
};

describe('changing the keys of a ring', () => {
  let dir: string;
  let stackFile: string;
  const closers: (() => unknown)[] = [];
  const said: string[] = [];
  const patience = { timeoutMs: 5_000, say: (line: string) => said.push(line) };
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-keys-'));
    stackFile = path.join(dir, 'stack.json');
    makeRings(dir);
    fs.writeFileSync(stackFile, JSON.stringify({ urls: {} }));
  });
  afterEach(() => {
    for (const close of closers.splice(0)) close();
    fs.rmSync(dir, { recursive: true });
  });

  async function serve(app: string, text: () => Promise<string>): Promise<() => void> {
    const server = http.createServer((_request, response) => {
      void text().then((body) => response.end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { urls } = JSON.parse(fs.readFileSync(stackFile, 'utf8')) as StackFile;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    fs.writeFileSync(stackFile, JSON.stringify({ urls: { ...urls, [app]: url } }));
    const close = (): void => {
      server.closeAllConnections();
      server.close();
    };
    closers.push(close);
    return close;
  }

  /** A process that follows the offers' ring, as the app does. */
  async function start(app: 'scheduling' | 'booking'): Promise<{ ring: Ring<Key>; stop: () => void }> {
    const config = readConfig(schemas[app], ringVariables(dir, app));
    const metrics = new Registry();
    const closing = { add: (_name: string, close: () => unknown) => closers.push(close) };
    followRings({ config, log: createLogger('spec', 'silent'), metrics, closing, everyMs: 10 });
    return { ring: config.OFFER_KEYS, stop: await serve(app, () => metrics.metrics()) };
  }

  const offers = (): KeyRing => new KeyRing(ringNamed('offers'), stackFile);
  const kids = (ring: KeyRing): string[] => ring.keys().map((key) => ring.kid(key));

  it('puts the new key before the old one once all accept it, and takes the old one away later', async () => {
    const [scheduling, booking] = [await start('scheduling'), await start('booking')];
    const [old] = kids(offers());
    // No process ever signs with a key that the other does not accept.
    const watch = setInterval(() => {
      const signing = scheduling.ring.kids[0] ?? '';
      if (!booking.ring.kids.includes(signing)) said.push(`booking refuses ${signing}`);
    }, 1);
    await rotateKey(offers(), patience);
    expect(kids(offers())).toEqual([expect.not.stringContaining(old!), old]);
    expect(scheduling.ring.kids).toEqual(kids(offers()));
    const options = { ...patience, waitMs: 0 };
    await expect(retireKeys(offers(), options)).rejects.toThrow(/may count for another 1[12]\d\d s/);
    await retireKeys(offers(), { ...options, lifetimeMs: 0 });
    clearInterval(watch);
    expect(kids(offers())).toHaveLength(1);
    expect(booking.ring.kids).not.toContain(old);
    expect(said.filter((line) => line.includes('refuses'))).toEqual([]);
    await expect(retireKeys(offers(), options)).rejects.toThrow('no key waits to be retired');
  });

  it('waits for a process that does not answer, says which, and goes on with the same key later', async () => {
    await start('scheduling');
    await expect(rotateKey(offers(), { ...patience, timeoutMs: 300 })).rejects.toThrow(
      /not so that booking accepts the new key/,
    );
    const [first, second] = kids(offers());
    await start('booking');
    await rotateKey(offers(), patience);
    expect(kids(offers())).toEqual([second, first]);
    await expect(rotateKey(offers(), patience)).rejects.toThrow('run keys retire offers first');
  });

  it('takes no key away while a process has not come back to say that it signs with the new one', async () => {
    const [, booking] = [await start('scheduling'), await start('booking')];
    await rotateKey(offers(), patience);
    booking.stop();
    await expect(retireKeys(offers(), { ...patience, waitMs: 0, lifetimeMs: 0 })).rejects.toThrow(
      'booking does not sign with the new key',
    );
    expect(kids(offers())).toHaveLength(2);
  });

  it('begins anew when the call before ended before it had written anything', async () => {
    await start('scheduling');
    await start('booking');
    const ring = offers();
    ring.change = { phase: 'added', kid: 'never-written', at: new Date().toISOString() };
    await rotateKey(ring, patience);
    expect(kids(ring)).toHaveLength(2);
    expect(offers().change?.phase).toBe('promoted');
  });

  describe('that seals', () => {
    const sealing = ringNamed('sealing');
    const healthy = {
      outbox: 0,
      lag: { 'booking.patient': 0, 'scheduling.provider': 0, 'scheduling.practice': 0 } as Record<
        string,
        number
      >,
      dead: 0,
      rows: 0 as number | undefined,
    };
    let figures: typeof healthy;
    beforeEach(async () => {
      figures = structuredClone(healthy);
      const ring = new KeyRing(sealing, stackFile);
      const old = ring.kid(ring.keys()[0]!);
      const key = sealing.newKey();
      writeRing(dir, sealing, [key, ...ring.keys()]);
      const at = new Date(Date.now() - 10_000).toISOString();
      ring.change = { phase: 'promoted', kid: ring.kid(key), at };
      for (const { app } of sealing.uses) {
        const config = readConfig(z.object({ SEALING_KEYS: sealingRing }), ringVariables(dir, app));
        const metrics = new Registry();
        const closing = { add: (_name: string, close: () => unknown) => closers.push(close) };
        followRings({ config, log: createLogger('spec', 'silent'), metrics, closing, everyMs: 10 });
        await serve(app, async () => `${await metrics.metrics()}\n${texts(old)}`);
      }
    });
    const texts = (old: string): string =>
      [
        `caregraph_outbox_oldest_age_seconds{app="x"} ${figures.outbox}`,
        `caregraph_dead_letters{app="x"} ${figures.dead}`,
        ...Object.entries(figures.lag).map(
          ([topic, lag]) => `caregraph_consumer_lag{topic="${topic}",app="x"} ${lag}`,
        ),
        ...(figures.rows === undefined
          ? []
          : [`caregraph_sealed_rows_outdated{column="a.b",kid="${old}",app="x"} ${figures.rows}`]),
      ].join('\n');
    const retire = (): Promise<void> =>
      retireKeys(new KeyRing(sealing, stackFile), { ...patience, waitMs: 0, lifetimeMs: 1 });

    it.each([
      ['a row is sealed with it', { rows: 1 }, /values that .* has sealed/],
      ['an app does not tell of its rows', { rows: undefined }, /does not tell how much/],
      ['an event older than the change waits to be published', { outbox: 60 }, /events to publish/],
      [
        'an event on its way may carry it',
        { lag: { ...healthy.lag, 'booking.patient': 1 } },
        /booking\.patient/,
      ],
      ['a consumer does not tell how far it is', { lag: {} }, /booking\.patient/],
      ['a dead letter may carry it', { dead: 1 }, /dead letters/],
    ])('keeps the old key while %s', async (_why, over, reason) => {
      Object.assign(figures, over);
      await expect(retire()).rejects.toThrow(reason);
      expect(new KeyRing(sealing, stackFile).keys()).toHaveLength(2);
    });

    it('keeps the retired key aside, for backups', async () => {
      const [, old] = new KeyRing(sealing, stackFile).keys();
      await retire();
      expect(new KeyRing(sealing, stackFile).keys()).toHaveLength(1);
      const archive = path.join(dir, 'keys', 'sealing.retired');
      expect(fs.readFileSync(archive, 'utf8')).toBe(`${old!.sealing!}\n`);
      expect(fs.statSync(archive).mode & 0o777).toBe(0o600);
    });
  });

  it('never takes away a key of the blind index', async () => {
    const ring = new KeyRing(ringNamed('blind-index'), stackFile);
    ring.change = { phase: 'promoted', kid: ring.kid(ring.keys()[0]!), at: new Date(0).toISOString() };
    await expect(retireKeys(ring, { ...patience, waitMs: 0, lifetimeMs: 0 })).rejects.toThrow('for ever');
  });
});

describe('the rings of a stack', () => {
  it('are taken over from a folder that kept them among its other secrets', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-keys-'));
    makeRings(dir, (file) => ({ sealing: 's1:old', 'viewer-booking': 'v1:old' })[file]);
    const text = (file: string): string => fs.readFileSync(path.join(dir, 'keys', file), 'utf8').trim();
    expect(text('sealing')).toBe('s1:old');
    expect(text('viewer-booking')).toBe('v1:old');
    const offers = text('offers');
    makeRings(dir);
    expect(text('offers')).toBe(offers);
    expect(fs.statSync(path.join(dir, 'keys', 'offers')).mode & 0o777).toBe(0o600);
    fs.rmSync(dir, { recursive: true });
  });

  it('are read from what an app tells, whatever stands beside it', () => {
    const text = '# HELP x\nplain 1\nwith{ring="A",kid="a-b"} 2\nnan{a="\\"}"} NaN\n';
    expect(samplesIn(text)).toEqual([
      { name: 'plain', labels: {}, value: 1 },
      { name: 'with', labels: { ring: 'A', kid: 'a-b' }, value: 2 },
      { name: 'nan', labels: { a: '\\"}' }, value: NaN },
    ]);
  });
});
