import { buildSchema, getVariableValues, parse, Kind, type VariableDefinitionNode } from 'graphql';
import { compileFaults } from './variables.js';

const schema = buildSchema(`
  scalar Instant enum Kind { A B } input Range { from: Int! }
  type Query { a(id: ID, share: Float, all: Boolean, when: Instant, kind: Kind, range: Range): Int }`);

const types = ['String', 'ID', 'Int', 'Float', 'Boolean', 'Instant', 'Kind', 'Range', '[Int!]', '[String]'];
const values: readonly unknown[] = [
  undefined,
  null,
  '',
  'text',
  'A',
  0,
  -0,
  1,
  1.5,
  -(2 ** 31),
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  1e300,
  true,
  false,
  [],
  [1],
  ['a', null],
  {},
  { from: 1 },
  { from: 'x' },
];

const definitionsOf = (text: string): readonly VariableDefinitionNode[] => {
  const [operation] = parse(`query ${text} { a }`).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
};

const defaults: Readonly<Record<string, string>> = {
  String: '"x"',
  ID: '"x"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
};

describe('variables', () => {
  it.each(types)('of the type %s have the faults that graphql-js finds, and no others', (type) => {
    const given = defaults[type];
    const forms = [
      type,
      `${type}!`,
      ...(given === undefined ? [] : [`${type} = ${given}`, `${type}! = ${given}`]),
    ];
    for (const form of forms) {
      const definitions = definitionsOf(`($v: ${form})`);
      const faultsOf = compileFaults(schema, definitions);
      for (const value of values) {
        const variables = value === undefined ? {} : { v: value };
        const { errors = [] } = getVariableValues(schema, definitions, variables);
        const found = faultsOf(variables).map(({ message }) => message);
        expect([form, value, found]).toEqual([form, value, errors.map(({ message }) => message)]);
      }
    }
  });

  it('are taken as their own, never as what every object inherits', () => {
    const faultsOf = compileFaults(schema, definitionsOf('($constructor: String!, $toString: String)'));
    expect(faultsOf({}).map(({ message }) => message)).toEqual([
      'Variable "$constructor" of required type "String!" was not provided.',
    ]);
    expect(faultsOf({ constructor: 'x', other: 1 })).toEqual([]);
  });

  it('that are conditions are not null, wherever the condition stands: nothing is run then', () => {
    const document = parse(`query ($c: Boolean = true, $d: Boolean, $s: Boolean!, $n: Int) {
      a @include(if: $s) ...F } fragment F on Query { a @skip(if: $c) ... @include(if: true) { a } }`);
    const [operation] = document.definitions;
    const definitions =
      operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
    const faultsOf = compileFaults(schema, definitions, document);
    const said = (variables: Record<string, unknown>): string[] =>
      faultsOf({ s: true, ...variables }).map(({ message }) => message);
    expect(said({})).toEqual([]);
    expect(said({ c: false, d: null, n: null })).toEqual([]);
    expect(said({ c: null, d: null })).toEqual([
      'Variable "$c" is a condition of @skip or @include and must not be null.',
    ]);
  });
});
