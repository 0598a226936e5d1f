import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import { compileRepresentation, compileText } from './representations.js';
import type { Values } from './values.js';

const schema = buildSchema(`
  interface Bookable { id: ID! }
  type Appointment implements Bookable { id: ID! slot: Slot note: String }
  type Slot { start: String! end: String! }
  type Query { bookable: Bookable }
`);

const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections ? { selections } : {}),
});
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
});

const keys = on('Appointment', field('__typename'), field('id'));
const shapes: readonly (readonly [string, readonly QueryPlanSelectionNode[]])[] = [
  ['a key', [keys]],
  ['a key and a field of its own', [on('Appointment', field('__typename'), field('id'), field('note'))]],
  ['an object below', [on('Appointment', field('__typename'), field('slot', [field('start')]))]],
  ['two fragments that both apply', [keys, on('Appointment', field('__typename'), field('note'))]],
  ['a fragment on the interface too', [keys, on('Bookable', field('__typename'), field('note'))]],
  ['one for another type', [on('Slot', field('__typename'), field('start')), keys]],
  ['the same name twice', [on('Appointment', field('__typename'), field('id'), field('id'))]],
  ['no type', [on('Appointment', field('id'))]],
];
const entities: readonly Values[] = [
  { __typename: 'Appointment', id: 'a"1\n\u2028', note: 'ünï', slot: { start: 'now', end: 'then' } },
  { __typename: 'Appointment', id: 7, note: null, slot: null },
  { __typename: 'Appointment', id: { deep: ['list', 1.5, true] } },
  { __typename: 'Appointment' },
  { __typename: 'Slot', start: 'now' },
  { __typename: 'Unknown', id: '1' },
  { __typename: '', id: '1' },
  { id: '1', note: 'whose?' },
];

describe('the text of a representation', () => {
  it.each(shapes)('is that of the object: %s', (_name, selections) => {
    const represent = compileRepresentation(schema, selections);
    const { textOf, keyOf } = compileText(schema, selections);
    const texts = new Map<string, string>();
    for (const entity of [...entities, ...entities]) {
      const representation = represent(entity);
      const expected = representation?.__typename ? JSON.stringify(representation) : undefined;
      expect(textOf(entity)).toBe(expected);
      const key = keyOf(entity);
      if (key === undefined) continue;
      // Two of one key are one entity.
      expect(texts.get(key) ?? expected).toBe(expected);
      texts.set(key, expected ?? '');
    }
  });

  it('names a key as it stands', () => {
    expect(compileText(schema, [keys]).textOf({ __typename: 'Appointment', id: '1', note: 'x' })).toBe(
      '{"__typename":"Appointment","id":"1"}',
    );
  });

  it('is not needed to tell entities of one type and key apart, only where they have more or are of several types', () => {
    const of = (selection: QueryPlanSelectionNode, entity: Values): string | undefined =>
      compileText(schema, [selection]).keyOf({ __typename: 'Appointment', ...entity });
    expect(of(keys, { id: '1' })).toBe('1');
    expect(of(keys, { id: 1 })).toBeUndefined();
    expect(of(keys, { __typename: 'Slot', id: '1' })).toBeUndefined();
    expect(of(keys, {})).toBeUndefined();
    expect(of(on('Bookable', field('__typename'), field('id')), { id: '1' })).toBeUndefined();
    expect(
      of(on('Appointment', field('__typename'), field('id'), field('note')), { id: '1' }),
    ).toBeUndefined();
    expect(compileText(schema, [keys, keys]).keyOf({ __typename: 'Appointment', id: '1' })).toBeUndefined();
  });
});
