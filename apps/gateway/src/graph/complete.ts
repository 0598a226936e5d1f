// One value of a subgraph's answer by the type of its field: null where it may be, an error where it may not, lists and
// objects down to their leaves.
import {
  ERRORS,
  isCompositeType,
  isCustomScalarType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  typenameFieldName,
  type CompositeType,
  type EnumType,
  type FieldSelection,
  type ScalarType,
  type Schema,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals';
import type { GraphQLError } from 'graphql';
import type { Access, Values } from './values.js';

/** What the schema says of itself. */
export interface Introspected {
  readonly value: unknown;
  readonly errors: readonly GraphQLError[];
}

/** Answers `__schema` and `__type`. */
export type Introspect = (selection: FieldSelection) => Introspected;

export interface Run {
  readonly variables: Readonly<Values>;
  readonly errors: GraphQLError[];
  readonly path: (string | number)[];
  readonly introspect: Introspect;
}

/** Null, and the error that says why is told already. */
export const failed = Symbol('failed');
/** Null where none may be: the object around it becomes null, too. */
export const invalid = Symbol('invalid');

/** Gives a value its shape. `known` is what an earlier selection of the same field made of it. */
export type Complete = (value: unknown, known: unknown, parent: CompositeType, run: Run) => unknown;
/** Fills the output by the input; false when a null bubbles up to it. */
export type Fill = (input: Values, output: Values, parent: CompositeType, run: Run) => boolean;

/** Compiles the completion of values; `fillOf` compiles what is selected of an object. */
export class Completion {
  constructor(
    private readonly schema: Schema,
    private readonly access: Access,
    private readonly fillOf: (selections: SelectionSet, revisited: boolean) => Fill,
  ) {}

  /** @param revisited whether an earlier selection of the same field may have made something of the value already. */
  of(type: Type, selections: SelectionSet | undefined, revisited: boolean): Complete {
    if (!revisited) return this.fresh(type, selections, false);
    const complete = this.fresh(type, selections, true);
    return (value, known, parent, run) => {
      if (known === null || (known !== undefined && !selections)) return known;
      return complete(value, known, parent, run);
    };
  }

  private fresh(type: Type, selections: SelectionSet | undefined, revisited: boolean): Complete {
    if (isNonNullType(type)) return this.nonNull(type.ofType as Type, selections, revisited);
    if (isListType(type)) return this.list(type.ofType as Type, selections, revisited);
    if (isCompositeType(type)) {
      if (!selections) throw new Error(`Invalid empty selection set for composite type ${type.name}`);
      return this.object(type, this.fillOf(selections, revisited));
    }
    if (!isLeafType(type)) throw new Error(`A field cannot have the type ${type.name}.`);
    return this.leaf(type);
  }

  private nonNull(type: Type, selections: SelectionSet | undefined, revisited: boolean): Complete {
    const complete = this.fresh(type, selections, revisited);
    return (value, known, parent, run) => {
      const done = complete(value, known, parent, run);
      if (done === null)
        report(run, `Cannot return null for non-nullable ${describeLast(run.path, type, parent)}.`);
      return done === null || done === failed ? invalid : done;
    };
  }

  private list(type: Type, selections: SelectionSet | undefined, revisited: boolean): Complete {
    const complete = this.of(type, selections, revisited);
    return (value, known, parent, run) => {
      if (value === null) return null;
      if (!Array.isArray(value)) throw unfit('non-list', value, `[${type.toString()}]`);
      if (known !== undefined && (!Array.isArray(known) || known.length !== value.length))
        throw unfit('non-matching', known, `[${type.toString()}]`);
      return completeList(value, known as readonly unknown[] | undefined, complete, parent, run);
    };
  }

  private object(type: CompositeType, fill: Fill): Complete {
    return (value, known, parent, run) => {
      if (value === null) return null;
      if (typeof value !== 'object') throw unfit('non-object', value, type.name);
      const typename = (value as Values)[typenameFieldName];
      if (typename !== undefined && typeof typename !== 'string')
        throw unfit('__typename', typename, type.name);
      const actual = typename ? this.compositeNamed(typename) : type;
      if (!actual) {
        report(run, `Invalid __typename found for object at ${describeLast(run.path, type, parent)}.`);
        return failed;
      }
      const output = (known as Values | undefined) ?? this.access.make();
      return fill(value as Values, output, actual, run) ? output : failed;
    };
  }

  private compositeNamed(name: string): CompositeType | undefined {
    const type = this.schema.type(name);
    return type && isCompositeType(type) ? type : undefined;
  }

  private leaf(type: ScalarType | EnumType): Complete {
    const isValid = leafCheck(type);
    if (!isValid) return (value) => value;
    return (value, _known, parent, run) => {
      if (value === null || isValid(value)) return value;
      report(run, `Invalid value found for ${describeLast(run.path, type, parent)}.`);
      return failed;
    };
  }
}

type Check = (value: unknown) => boolean;

const anything: Check = () => true;

/** Whether a value is there and is of a leaf's type, null allowed or not; undefined for fields that are no leaves. */
export function plainLeafCheck(type: Type): Check | undefined {
  const leaf = isNonNullType(type) ? (type.ofType as Type) : type;
  return isLeafType(leaf) ? (leafCheck(leaf) ?? anything) : undefined;
}

/**
 * As the stock gateway has it: `isValidLeafValue`, which asks the schema for each value what type it is of. Undefined
 * where any value is right.
 */
function leafCheck(type: ScalarType | EnumType): Check | undefined {
  if (isCustomScalarType(type)) return undefined;
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.value(value) !== undefined;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return isWhole;
    case 'Float':
      return Number.isFinite;
    case 'ID':
      return (value) => typeof value === 'string' || isWhole(value);
    default:
      return (value) => typeof value === 'string';
  }
}

/** From 1e21 on a number is not written as one in digits. */
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) < 1e21;

function completeList(
  values: readonly unknown[],
  known: readonly unknown[] | undefined,
  complete: Complete,
  parent: CompositeType,
  run: Run,
): unknown {
  const list = new Array<unknown>(values.length);
  let nullified = false;
  for (let index = 0; index < values.length; index += 1) {
    run.path.push(index);
    const done = complete(values[index], known?.[index], parent, run);
    run.path.pop();
    if (done === invalid) nullified = true;
    list[index] = done === failed ? null : done;
  }
  return nullified ? failed : list;
}

const report = (run: Run, message: string): void => {
  run.errors.push(ERRORS.INVALID_GRAPHQL.err(message, { path: [...run.path] }));
};

function describeLast(path: readonly (string | number)[], type: Type, parent: CompositeType): string {
  const last = path.at(-1);
  return typeof last === 'string'
    ? `field ${parent.toString()}.${last}`
    : `array element of type ${type.toString()} at index ${String(last)}`;
}

const unfit = (kind: string, value: unknown, type: string): Error =>
  new Error(`Invalid ${kind} value of type ${typeof value} returned by subgraph for ${type}.`);
