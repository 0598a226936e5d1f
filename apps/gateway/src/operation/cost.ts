// What an operation may cost at most, known before it runs: objects that it can answer, times the lengths of the lists
// that they stand in, by @cost and @listSize as the GraphQL cost specification and Federation have them.
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Values } from '../graph/values.js';

/** A list of which the schema says nothing; ours are then bounded by what they belong to. */
const assumedLength = 10;
/** A mutation writes: transactions, events, vendors. */
const mutationWeight = 10;

interface ListSize {
  readonly assumedSize?: number | null;
  readonly slicingArguments?: readonly string[] | null;
  readonly sizedFields?: readonly string[] | null;
}

/** What the supergraph says of costs, by `Type`, `Type.field` and `Type.field(argument:)`. */
export interface Weights {
  readonly costs: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, ListSize>;
}

/** The cost of an operation for these variables. */
export type Cost = (variables: Readonly<Values>) => number;

export function weightsOf(supergraphSdl: string): Weights {
  const costs = new Map<string, number>();
  const sizes = new Map<string, ListSize>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      const values = argumentsOf(directive);
      if (directive.name.value === 'cost' && typeof values.weight === 'number')
        costs.set(coordinate, values.weight);
      if (['listSize', 'cost__listSize'].includes(directive.name.value)) sizes.set(coordinate, values);
    }
  };
  for (const definition of parse(supergraphSdl).definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    add(type, definition.directives);
    for (const field of 'fields' in definition ? (definition.fields ?? []) : []) {
      add(`${type}.${field.name.value}`, field.directives);
      for (const given of 'arguments' in field ? (field.arguments ?? []) : [])
        add(`${type}.${field.name.value}(${given.name.value}:)`, given.directives);
    }
  }
  return { costs, sizes };
}

const argumentsOf = ({ arguments: given = [] }: ConstDirectiveNode): Values =>
  Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));

/** Compiles the cost of a valid operation. */
export function compileCost(
  schema: GraphQLSchema,
  weights: Weights,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const compiler = new CostCompiler(schema, weights, document);
  const cost = compiler.selections(operation.selectionSet, root, {});
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  const start = operation.operation === OperationTypeNode.MUTATION ? mutationWeight : 0;
  return (variables) => start + cost({ ...defaults, ...variables });
}

/** Lengths of the lists below a field that its own arguments decide: `edges` by `first`. */
type Sized = Readonly<Record<string, Cost>>;

class CostCompiler {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly weights: Weights,
    document: DocumentNode,
  ) {
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
  }

  /** Counts each fragment on an abstract type, although an object is of one type only: never too little. */
  selections({ selections }: SelectionSetNode, type: GraphQLNamedType, sized: Sized): Cost {
    const parts = selections.map((selection): Cost => {
      if (selection.kind === Kind.FIELD) return this.field(selection, type, sized);
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      if (!fragment) return () => 0;
      const condition = fragment.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
      return this.selections(fragment.selectionSet, condition ?? type, sized);
    });
    return (variables) => parts.reduce((sum, part) => sum + part(variables), 0);
  }

  private field(node: FieldNode, parent: GraphQLNamedType, sized: Sized): Cost {
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return () => 0;
    const coordinate = `${parent.name}.${name}`;
    const type = getNamedType(field.type);
    const size = this.weights.sizes.get(coordinate);
    const slice = lengthBy(node, field, size);
    const below = Object.fromEntries((size?.sizedFields ?? []).map((each) => [each, slice]));
    const within = node.selectionSet ? this.selections(node.selectionSet, type, below) : () => 0;
    const length = isListType(getNullableType(field.type)) ? (sized[name] ?? slice) : () => 1;
    const own = this.weightOf(coordinate, type);
    const given = this.weightOfArguments(coordinate, node);
    return (variables) => given + length(variables) * (own + within(variables));
  }

  private weightOf(coordinate: string, type: GraphQLNamedType): number {
    const { costs } = this.weights;
    return costs.get(coordinate) ?? costs.get(type.name) ?? (isCompositeType(type) ? 1 : 0);
  }

  private weightOfArguments(coordinate: string, { arguments: given = [] }: FieldNode): number {
    const weights = given.map(({ name }) => this.weights.costs.get(`${coordinate}(${name.value}:)`) ?? 0);
    return weights.reduce((sum, weight) => sum + weight, 0);
  }
}

/** The largest of the slicing arguments; without any what the schema assumes. */
function lengthBy(node: FieldNode, field: GraphQLField<unknown, unknown>, size: ListSize | undefined): Cost {
  const assumed = size?.assumedSize ?? assumedLength;
  const readers = (size?.slicingArguments ?? []).map((name) => {
    const value = node.arguments?.find((one) => one.name.value === name)?.value;
    const byDefault = field.args.find((one) => one.name === name)?.defaultValue;
    return (variables: Readonly<Values>): unknown =>
      (value ? valueFromASTUntyped(value, variables) : undefined) ?? byDefault;
  });
  return (variables) => {
    const given = readers.map((read) => read(variables)).filter((value) => typeof value === 'number');
    return given.length > 0 ? Math.max(0, ...given) : assumed;
  };
}
