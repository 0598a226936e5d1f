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
    const text = compileText(schema, selections);
    for (const entity of [...entities, ...entities]) {
      const representation = represent(entity);
      const expected = representation?.__typename ? JSON.stringify(representation) : undefined;
      expect(text(entity)).toBe(expected);
    }
  });

  it('names a key as it stands', () => {
    expect(compileText(schema, [keys])({ __typename: 'Appointment', id: '1', note: 'x' })).toBe(
      '{"__typename":"Appointment","id":"1"}',
    );
  });
});
