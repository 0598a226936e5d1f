import pg from 'pg';
import { suiteDatabase, type SuiteDatabase } from './index.js';

describe('a database of a suite', () => {
  let database: SuiteDatabase;
  beforeAll(async () => {
    database = await suiteDatabase();
  });
  afterAll(() => database.drop());

  it('lets the app role use rows, and not the tables themselves', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    const app = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await app.connect();
    await owner.query('create table note (id int primary key)');
    await app.query('insert into note values (1)');
    await expect(app.query('alter table note add column body text')).rejects.toThrow('must be owner');
    await expect(app.query('create table other (id int)')).rejects.toThrow('permission denied');
    await owner.end();
    await app.end();
  });
});
