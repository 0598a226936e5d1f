import { buildSchema, parse } from 'graphql';
import { AcceptedDocuments } from './accepted-documents.js';

const schema = buildSchema('type Query { a: Int }');
const document = parse('{ a }');

describe('accepted documents', () => {
  it('are found by their very text, for the schema that accepted them', () => {
    const accepted = new AcceptedDocuments();
    accepted.remember(schema, '{ a }', document);
    expect(accepted.find(schema, '{ a }')).toBe(document);
    expect(accepted.find(schema, '{ a } ')).toBeUndefined();
    const changed = buildSchema('type Query { b: Int }');
    expect(accepted.find(changed, '{ a }')).toBeUndefined();
    accepted.remember(changed, '{ b }', parse('{ b }'));
    expect(accepted.find(schema, '{ a }')).toBeUndefined();
    expect(accepted.find(changed, '{ a }')).toBeUndefined();
  });

  it('are 2,000 at most: what was not asked for longest goes, a quarter at once', () => {
    const accepted = new AcceptedDocuments();
    const text = (nth: number): string => `{ a } # ${nth}`;
    const isThere = (nth: number): boolean => accepted.find(schema, text(nth)) !== undefined;
    for (let nth = 0; nth < 2_000; nth += 1) accepted.remember(schema, text(nth), document);
    expect(isThere(0)).toBe(true);
    accepted.remember(schema, text(2_000), document);
    expect([0, 1, 501, 502, 1_999, 2_000].map(isThere)).toEqual([true, false, false, true, true, true]);
  });

  it('take no more room for being long, nor for being sent twice', () => {
    const accepted = new AcceptedDocuments();
    accepted.remember(schema, 'first', document);
    const long = (nth: number): string => `# ${nth}${' '.repeat(1_000_000)}`;
    for (let nth = 0; nth < 7; nth += 1)
      for (const _ of [1, 2]) accepted.remember(schema, long(nth), document);
    expect(accepted.find(schema, 'first')).toBe(document);
    for (let nth = 7; nth < 15; nth += 1) accepted.remember(schema, long(nth), document);
    expect(accepted.find(schema, long(0))).toBeUndefined();
    expect(accepted.find(schema, 'first')).toBeUndefined();
    expect(accepted.find(schema, long(14))).toBe(document);
  });
});
