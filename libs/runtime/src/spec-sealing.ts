// A table with a sealed column. Run as a program it seals anew, for the spec that kills it in the middle.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { openDatabase, type DatabaseParts } from './database.js';
import { createSealer } from './seal.js';
import { sealAnew, type SealedColumn } from './sealed-columns.js';

const Person = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: { id: p.uuid().primary(), contact: p.text().nullable() },
});
export const parts: DatabaseParts = { entities: [Person], migrations: [] };

export const personColumn: SealedColumn = {
  table: 'person',
  column: 'contact',
  context: (id) => `person:${id}`,
};

if (process.argv[1] === import.meta.filename) {
  const { url, keys } = JSON.parse(process.argv[2] ?? '') as {
    url: string;
    keys: { kid: string; secret: string }[];
  };
  const orm = await openDatabase(url, parts);
  await sealAnew(orm.em.fork(), createSealer(keys), [personColumn]);
  await orm.close();
}
