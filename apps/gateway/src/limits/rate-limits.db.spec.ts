import pg from 'pg';
import { Registry } from 'prom-client';
import { createLogger, migrateDatabase } from '@caregraph/runtime';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { rateDatabase } from './rate-database.js';
import { rateLimits, type RateLimits } from './rate-limits.js';

const limits = {
  RATE_LIMIT_CALLER: 3,
  RATE_LIMIT_ADDRESS: 5,
  RATE_LIMIT_BOOKINGS: 2,
  RATE_LIMIT_CONNECTIONS: 2,
};
const replica = (counters?: Pick<pg.Pool, 'query'>): RateLimits =>
  rateLimits({ limits, counters, log: createLogger('gateway', 'silent'), registry: new Registry() });

describe('an address', () => {
  it('from which times are hoarded gets no more holds, and may go on reading (BK-150)', async () => {
    const alone = replica();
    const hold = { caller: null, address: '192.0.2.9', cost: 1, bookings: 1 };
    await alone.admit(hold);
    await alone.admit(hold);
    await expect(alone.admit(hold)).rejects.toMatchObject({ extensions: { code: 'TOO_MANY_REQUESTS' } });
    await alone.admit({ ...hold, bookings: 0 });
    await alone.admit({ ...hold, address: '192.0.2.10' });
  });
});

describe('replicas that count together', () => {
  let database: SuiteDatabase;
  const pools: pg.Pool[] = [];
  const pool = (url: string): pg.Pool => {
    const opened = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 500 });
    pools.push(opened);
    return opened;
  };
  beforeAll(async () => {
    database = await suiteDatabase('rates');
    await migrateDatabase(database.ownerUrl, rateDatabase);
  });
  afterAll(async () => {
    await Promise.all(pools.map((opened) => opened.end()));
    await database.drop();
  });

  it('refuse at the one what was used up at the other, and nobody else (GW-003, GW-038)', async () => {
    const [one, other] = [replica(pool(database.url)), replica(pool(database.url))];
    const pat = { caller: 'pat', address: null, cost: 1, bookings: 0 };
    await one.admit(pat);
    await other.admit(pat);
    await one.admit(pat);
    await expect(other.admit(pat)).rejects.toMatchObject({
      extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: expect.any(Number) as number },
    });
    await other.admit({ ...pat, caller: 'sam' });
  });

  it('keep neither accounts nor addresses', async () => {
    const own = pool(database.url);
    await replica(own).admit({ caller: 'account-7', address: '192.0.2.7', cost: 1, bookings: 1 });
    const { rows } = await own.query<{ key: string }>('select key from rate_counter');
    expect(rows.length).toBeGreaterThan(2);
    expect(JSON.stringify(rows)).not.toMatch(/account-7|192\.0\.2\.7/);
  });

  it('count each for itself while the counters cannot be had', async () => {
    const alone = replica(pool('postgres://nobody:x@127.0.0.1:1/none'));
    const pat = { caller: 'pat', address: null, cost: 1, bookings: 0 };
    for (let turn = 0; turn < 3; turn += 1) await alone.admit(pat);
    await expect(alone.admit(pat)).rejects.toMatchObject({ extensions: { code: 'TOO_MANY_REQUESTS' } });
  });
});
