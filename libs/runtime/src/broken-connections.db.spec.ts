import { defineEntity, p } from '@mikro-orm/postgresql';
import { suiteDatabase } from '@caregraph/testing';
import { openDatabase } from './index.js';

const Thing = defineEntity({ name: 'Thing', properties: { id: p.integer().primary() } });

describe('the pool of the ORM', () => {
  it('does not run out when connections break in the middle of transactions', async () => {
    const database = await suiteDatabase();
    const orm = await openDatabase(database.url, { entities: [Thing], migrations: [] });
    // More often than the pool has places.
    for (let time = 0; time < 30; time += 1) {
      const broken = orm.em
        .fork()
        .transactional((em) => em.execute('select pg_terminate_backend(pg_backend_pid())'));
      await expect(broken).rejects.toThrow();
    }
    const alive = orm.em.fork().transactional((em) => em.execute<{ one: number }[]>('select 1 as one'));
    expect(await alive).toEqual([{ one: 1 }]);
    await orm.close();
    await database.drop();
  });
});
