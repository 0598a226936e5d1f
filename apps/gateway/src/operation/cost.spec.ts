import { buildSchema, getOperationAST, parse } from 'graphql';
import { compileCost, weightsOf } from './cost.js';

const sdl = `
directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
type Query {
  one: Visit
  all: [Visit!]!
  few: [Visit!]! @listSize(assumedSize: 3)
  visits(first: Int! = 20, last: Int): Page @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)
  free(near: String @cost(weight: 4)): String @cost(weight: 50)
}
type Mutation { cancel: Visit }
type Page { edges: [Edge!]! more: Boolean }
type Edge { node: Visit }
type Visit { id: ID! notes: [Note!]! heavy: Heavy }
type Note { text: String }
type Heavy @cost(weight: 7) { text: String }`;
const schema = buildSchema(sdl);

function cost(text: string, variables = {}): number {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return compileCost(schema, weightsOf(sdl), document, operation)(variables);
}

describe('what an operation may cost', () => {
  it.each([
    ['one object is one, its scalars nothing', '{ one { id } }', 1],
    ['a list of unknown length counts as ten', '{ all { id } }', 10],
    ['a list counts as long as the schema assumes', '{ few { id } }', 3],
    ['lists within lists multiply', '{ few { notes { text } } }', 33],
    ['a type has the weight that it is given', '{ one { heavy { text } } }', 8],
    ['a field and an argument have theirs', '{ free(near: "x") a: free }', 104],
    ['a mutation begins with ten', 'mutation { cancel { id } }', 11],
    ['a page is as long as its default says', '{ visits { edges { node { id } } } }', 41],
    ['a page is as long as is asked for', '{ visits(first: 100) { edges { node { id } } } }', 201],
    ['the larger of two arguments counts', '{ visits(first: 5, last: 50) { edges { node { id } } } }', 101],
    ['what stands in fragments counts', '{ few { ...F } } fragment F on Visit { notes { text } }', 33],
  ])('%s', (_rule, text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('is told by the variables, and by their defaults', () => {
    const text = 'query ($first: Int! = 2) { visits(first: $first) { edges { node { id } } } }';
    expect(cost(text)).toBe(5);
    expect(cost(text, { first: 100 })).toBe(201);
    expect(cost(text, { first: -5 })).toBe(1);
  });
});
