import type { MikroORM } from '@mikro-orm/postgresql';
import { featureFlagChanged, isKilled, isOn, type FeatureFlagState } from '@caregraph/contracts';
import { migrateDatabase, openDatabase } from '@caregraph/runtime';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { flagsSet, knownFlagMigrations, messagingEntities, onFeatureFlagChanged } from './index.js';

const parts = { entities: [...messagingEntities], migrations: knownFlagMigrations };
const providerId = '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03';
const stop = 'booking.disable_all_bookings';
const request = 'booking.request_mode_enabled';

describe("an app's copy of the flags", () => {
  let database: SuiteDatabase;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await suiteDatabase('flags');
    await migrateDatabase(database.ownerUrl, parts);
    orm = await openDatabase(database.url, parts);
  });
  afterAll(async () => {
    await orm.close();
    await database.drop();
  });

  const hear = (state: FeatureFlagState): Promise<unknown> =>
    orm.em.fork().transactional((em) =>
      onFeatureFlagChanged.prepare({
        specversion: '1.0',
        id: 'event',
        source: '/caregraph/platform',
        type: featureFlagChanged.type,
        subject: state.flag,
        time: '2026-12-01T12:00:00.000Z',
        datacontenttype: 'application/json',
        data: state,
      })({ em }),
    );

  it('knows nothing at first, so that defaults count', async () => {
    const set = await flagsSet(orm.em.fork());
    expect([isKilled(set, stop), isOn(set, request, providerId)]).toEqual([false, true]);
  });

  it('counts from the event on, with no restart and nothing kept in a process (GW-007)', async () => {
    await hear({ flag: stop, version: 1, value: true, providers: {} });
    expect(isKilled(await flagsSet(orm.em.fork()), stop)).toBe(true);
    await hear({ flag: stop, version: 2, value: null, providers: {} });
    expect(isKilled(await flagsSet(orm.em.fork()), stop)).toBe(false);
    await hear({ flag: request, version: 1, value: null, providers: { [providerId]: false } });
    expect(isOn(await flagsSet(orm.em.fork()), request, providerId)).toBe(false);
    await hear({ flag: request, version: 2, value: null, providers: {} });
    expect(isOn(await flagsSet(orm.em.fork()), request, providerId)).toBe(true);
  });

  it('drops a lower or equal version', async () => {
    await hear({ flag: stop, version: 5, value: true, providers: {} });
    await hear({ flag: stop, version: 5, value: false, providers: {} });
    await hear({ flag: stop, version: 4, value: false, providers: {} });
    expect(isKilled(await flagsSet(orm.em.fork()), stop)).toBe(true);
  });

  it('keeps numbers as numbers, and answers nothing for what nobody has set', async () => {
    await hear({ flag: 'booking.request_mode_percentage', version: 1, value: 10, providers: {} });
    const set = await flagsSet(orm.em.fork());
    expect(set('booking.request_mode_percentage')).toMatchObject({ value: 10, providers: {} });
    expect(set('booking.instant_mode_enabled')).toBeUndefined();
  });
});
