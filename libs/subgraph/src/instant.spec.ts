import { graphql, GraphQLObjectType, GraphQLSchema, type GraphQLError } from 'graphql';
import { DateTimeScalar } from './instant.js';
import { masked } from './index.js';

const asked = { type: DateTimeScalar, args: { at: { type: DateTimeScalar } } };
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { at: { ...asked, resolve: (_root, { at }: { at?: Date }) => at } },
  }),
});

/** What is answered to an instant in the document, and to the same in a variable. */
const answers = async (at: string) => [
  await graphql({ schema, source: `{ at(at: "${at}") }` }),
  await graphql({ schema, source: 'query ($at: DateTime) { at(at: $at) }', variableValues: { at } }),
];

describe('an instant', () => {
  it.each(['0001-01-01T00:00:00.000Z', '2026-11-21T09:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'is taken and told: %s',
    async (text) => {
      for (const { data } of await answers(text)) expect(data).toEqual({ at: new Date(text) });
    },
  );

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+10:00', '9999-12-31T23:00:00-10:00', 'soon'])(
    'that cannot be stored is the client’s mistake: %s',
    async (text) => {
      for (const { errors } of await answers(text))
        expect(masked(errors?.[0] as GraphQLError, 'r1').extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
        });
    },
  );
});
