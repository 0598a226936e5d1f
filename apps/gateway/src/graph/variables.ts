// Whether the variables of a request fit those that its operation declares, as graphql-js coerces them.
import {
  getVariableValues,
  GraphQLError,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Values } from './values.js';

/** What is wrong with the variables; nothing, when the operation may be run with them. */
export type FaultsOf = (variables: Readonly<Values>) => readonly GraphQLError[];

type Fits = (value: unknown) => boolean;

const int32 = 2 ** 31;

/** By the specification: section 3.5. */
const scalars: ReadonlyMap<string, Fits> = new Map<string, Fits>([
  [GraphQLString.name, (value) => typeof value === 'string'],
  [GraphQLID.name, (value) => typeof value === 'string' || Number.isInteger(value)],
  [GraphQLBoolean.name, (value) => typeof value === 'boolean'],
  [GraphQLFloat.name, (value) => Number.isFinite(value)],
  [
    GraphQLInt.name,
    (value) => Number.isInteger(value) && (value as number) >= -int32 && (value as number) < int32,
  ],
]);

/**
 * Compiled once for each operation. Where all variables are plain scalars, which is nearly everywhere, they are looked
 * at without being coerced; only what does not fit goes to graphql-js, which says why.
 */
export function compileFaults(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  document?: DocumentNode,
): FaultsOf {
  const checks = definitions.map(fitOf);
  const conditions = document ? definitions.filter(isConditionIn(document)) : [];
  return (variables) => {
    const unset = conditions.filter(({ variable }) => variables[variable.name.value] === null);
    if (unset.length > 0) return unset.map(nullCondition);
    for (const isFit of checks)
      if (!isFit(variables)) return getVariableValues(schema, definitions, variables).errors ?? [];
    return [];
  };
}

/**
 * A variable that may be null, but for its default, is allowed where a condition wants a boolean (section 5.8.5), and
 * null is then an error of the field that it stands at. A plan may have taken the condition anywhere, so that a
 * mutation would be carried out before it is seen: here nothing is run.
 */
function isConditionIn(document: DocumentNode): (definition: VariableDefinitionNode) => boolean {
  const used = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) used.add(value.name.value);
    },
  });
  return ({ variable, type }) => type.kind !== Kind.NON_NULL_TYPE && used.has(variable.name.value);
}

const nullCondition = (definition: VariableDefinitionNode): GraphQLError =>
  new GraphQLError(
    `Variable "$${definition.variable.name.value}" is a condition of @skip or @include and must not be null.`,
    { nodes: definition },
  );

/** What is not plain fits never, and so is always coerced. */
function fitOf({ variable, type, defaultValue }: VariableDefinitionNode): (variables: Values) => boolean {
  const name = variable.name.value;
  const fits = fitsType(type, defaultValue !== undefined);
  return (variables) => fits(Object.hasOwn(variables, name) ? variables[name] : undefined);
}

function fitsType(type: TypeNode, hasDefault: boolean): Fits {
  if (type.kind === Kind.LIST_TYPE) return never;
  if (type.kind === Kind.NON_NULL_TYPE) {
    const fits = type.type.kind === Kind.NAMED_TYPE ? scalars.get(type.type.name.value) : undefined;
    return fits ? (value) => (value === undefined ? hasDefault : fits(value)) : never;
  }
  const fits = scalars.get(type.name.value);
  return fits ? (value) => value === undefined || value === null || fits(value) : never;
}

const never = (): boolean => false;
