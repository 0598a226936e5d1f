// The least input that a mutation takes, made from the schema: valid in form, and naming nothing that there is.
import { randomUUID } from 'node:crypto';
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

const byScalar: Readonly<Record<string, unknown>> = {
  ID: randomUUID(),
  String: 'nothing',
  Int: 1,
  Boolean: false,
  DateTime: '2027-01-04T00:00:00Z',
  LocalDate: '2027-01-04',
};

/** The value of the mutation's argument `input`, and the name of its type. */
export function leastInput(schema: GraphQLSchema, mutation: string): { type: string; input: unknown } {
  const fields = schema.getMutationType()?.getFields() ?? {};
  const argument = fields[mutation]?.args.find(({ name }) => name === 'input');
  if (!argument) throw new Error(`${mutation} takes no input.`);
  return { type: String(argument.type), input: least(argument.type) };
}

function least(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (!isInputObjectType(bare)) return byScalar[bare.name];
  const needed = Object.values(bare.getFields()).filter(
    (field) => isNonNullType(field.type) && field.defaultValue === undefined,
  );
  return Object.fromEntries(needed.map((field) => [field.name, least(field.type)]));
}
