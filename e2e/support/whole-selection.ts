// A selection of everything that a field answers, made from the schema: nothing that is added later is left out.
import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** Values for arguments that a nested field cannot do without, by `Type.field`. */
export type NestedArguments = Readonly<Record<string, string>>;

/**
 * Everything below a type, `depth` objects deep, each type once on the way down. Throws for a nested field that needs
 * arguments and of which nobody has said which.
 */
export function wholeSelection(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  { depth, given, above = [] }: { depth: number; given: NestedArguments; above?: readonly string[] },
): string {
  if (isLeafType(type)) return '';
  if (isUnionType(type) || (isAbstractType(type) && !isObjectType(type))) {
    const parts = schema
      .getPossibleTypes(type)
      .map((one) => `... on ${one.name} ${wholeSelection(schema, one, { depth, given, above })}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const answered = getNamedType(field.type);
    if (isLeafType(answered)) return [`${field.name}${argumentsOf(type.name, field, given)}`];
    if (depth === 0 || above.includes(answered.name)) return [];
    const below = wholeSelection(schema, answered, { depth: depth - 1, given, above: [...above, type.name] });
    return [`${field.name}${argumentsOf(type.name, field, given)} ${below}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

function argumentsOf(parent: string, field: GraphQLField<unknown, unknown>, given: NestedArguments): string {
  const coordinate = `${parent}.${field.name}`;
  const known = given[coordinate];
  if (known !== undefined) return `(${known})`;
  const needed = field.args.filter((one) => isNonNullType(one.type) && one.defaultValue === undefined);
  if (needed.length > 0)
    throw new Error(
      `${coordinate} needs ${needed.map(({ name }) => name).join(', ')}: add it to the reviewed arguments.`,
    );
  return '';
}
