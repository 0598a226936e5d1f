// From what the subgraphs returned to what the client asked for: its fields, in its order, under its names, with nulls
// where GraphQL wants them. Compiled once for each operation; the stock gateway's `computeResponse`, which walks the
// schema anew for each value, is the reference that shape.spec.ts compares it with.
import {
  isObjectType,
  isSubtype,
  typenameFieldName,
  type CompositeType,
  type FieldSelection,
  type FragmentElement,
  type FragmentSelection,
  type NamedType,
  type Operation,
  type Schema,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals';
import type { GraphQLError } from 'graphql';
import {
  Completion,
  invalid,
  failed,
  plainLeafCheck,
  type Fill,
  type Introspect,
  type Run,
} from './complete.js';
import { nameForClient } from './client-names.js';
import { conditionsOf } from './conditions.js';
import type { Denies } from '../operation/permitted.js';
import { careful, ordinary, type Access, type Values } from './values.js';

/** Errors are those that the data itself shows: a null where none may be, a leaf of another type. */
export interface Shaped {
  readonly data: Values | null;
  readonly errors: readonly GraphQLError[];
}

export type Shape = (input: Values, variables: Readonly<Values>, introspect: Introspect) => Shaped;

/**
 * Compiles an operation that is valid for its schema.
 * @param denies what the caller may not have: null, whatever a subgraph returned for the plan's own use.
 */
export function compileShape(operation: Operation, denies: Denies = () => false): Shape {
  const schema = operation.schema();
  const root = schema.schemaDefinition.rootType(operation.rootKind);
  if (!root) throw new Error(`The schema has no ${operation.rootKind}.`);
  const compiler = new ShapeCompiler(schema, accessOf(operation.selectionSet), denies);
  const fill = compiler.fill(operation.selectionSet, false);
  const defaults = operation.collectDefaultedVariableValues();
  return (input, variables, introspect) => {
    const run: Run = { variables: { ...defaults, ...variables }, errors: [], path: [], introspect };
    const output = compiler.access.make();
    const data = fill(input, output, root, run) ? output : null;
    return { data, errors: run.errors };
  };
}

/** Names that every object inherits (`constructor`, `__proto__`) are valid aliases, and need care. */
const accessOf = (selections: SelectionSet): Access => (hasInheritedName(selections) ? careful : ordinary);

const hasInheritedName = (selections: SelectionSet): boolean =>
  selections.selections().some((selection) => {
    if (
      selection.kind === 'FieldSelection' &&
      nameForClient(selection.element.responseName()) in Object.prototype
    )
      return true;
    return selection.selectionSet !== undefined && hasInheritedName(selection.selectionSet);
  });

class ShapeCompiler {
  private readonly completion: Completion;

  constructor(
    private readonly schema: Schema,
    readonly access: Access,
    private readonly denies: Denies,
  ) {
    this.completion = new Completion(schema, access, (selections, revisited) =>
      this.fill(selections, revisited),
    );
  }

  /** @param revisited whether its output may hold something already: an earlier selection of the same field's. */
  fill(selections: SelectionSet, revisited: boolean): Fill {
    const repeated = repeatedNames(selections);
    const parts = selections.selections().map((selection) => {
      if (selection.kind === 'FragmentSelection') return this.fragment(selection, revisited, repeated);
      const again = revisited || repeated.has(selection.element.responseName());
      return this.conditional(selection.element, this.field(selection, again));
    });
    return (input, output, parent, run) => {
      for (const part of parts) if (!part(input, output, parent, run)) return false;
      return true;
    };
  }

  private fragment(selection: FragmentSelection, revisited: boolean, repeated: ReadonlySet<string>): Fill {
    const { typeCondition } = selection.element;
    const fill = this.fill(selection.selectionSet, revisited || repeated.size > 0);
    const applies = this.appliesTo(typeCondition);
    return this.conditional(selection.element, (input, output, parent, run) =>
      applies(input[typenameFieldName], parent) ? fill(input, output, typeCondition ?? parent, run) : true,
    );
  }

  private appliesTo(condition: CompositeType | undefined): (typename: unknown, parent: Type) => boolean {
    if (!condition) return () => true;
    const known = new Map<string, boolean>();
    const applies = (type: NamedType | undefined): boolean =>
      type !== undefined && isSubtype(condition, type);
    return (typename, parent) => {
      const name = typeof typename === 'string' && typename !== '' ? typename : (parent as NamedType).name;
      let answer = known.get(name);
      if (answer === undefined) known.set(name, (answer = applies(this.schema.type(name))));
      return answer;
    };
  }

  private conditional(element: FragmentElement | FieldSelection['element'], fill: Fill): Fill {
    const wanted = conditionsOf(element, this.schema);
    if (wanted.length === 0) return fill;
    return (input, output, parent, run) =>
      wanted.some((isWanted) => !isWanted(run.variables)) || fill(input, output, parent, run);
  }

  private field(selection: FieldSelection, revisited: boolean): Fill {
    const { element } = selection;
    const name = element.responseName();
    const shown = nameForClient(name);
    if (element.definition.isSchemaIntrospectionField()) {
      return (_input, output, _parent, run) => {
        if (output[shown] !== undefined) return true;
        const { value, errors } = run.introspect(selection);
        output[shown] = value;
        run.errors.push(...errors);
        return true;
      };
    }
    const isDenied = this.denies(element.parentType.name, element.name);
    if (element.name === typenameFieldName && !isDenied) return this.typename(name, shown);
    const complete = this.completion.of(element.definition.type as Type, selection.selectionSet, revisited);
    const read = isDenied ? readNothing : this.access.read;
    const isPlain = revisited ? undefined : plainLeafCheck(element.definition.type as Type);
    return (input, output, parent, run) => {
      if (isPlain) {
        const plain = read(input, name);
        // Nearly all values are what they should be, and need no path for an error.
        if (plain !== undefined && plain !== null && isPlain(plain)) return ((output[shown] = plain), true);
      }
      run.path.push(shown);
      const value = complete(read(input, name) ?? null, revisited ? output[shown] : undefined, parent, run);
      run.path.pop();
      if (value === invalid) return ((output[shown] = null), false);
      output[shown] = value === failed ? null : value;
      return true;
    };
  }

  private typename(name: string, shown: string): Fill {
    const { read } = this.access;
    return (input, output, parent) => {
      if (read(output, shown) !== undefined) return true;
      const value = read(input, name) ?? input[typenameFieldName];
      const type = typeof value === 'string' ? (this.schema.type(value) ?? parent) : parent;
      if (!isObjectType(type)) return false;
      output[shown] = type.name;
      return true;
    };
  }
}

const readNothing = (): unknown => null;

/** Response names that stand more than once in the selections, with those of the fragments among them. */
function repeatedNames(selections: SelectionSet): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const walk = (set: SelectionSet): void => {
    for (const selection of set.selections()) {
      if (selection.kind === 'FragmentSelection') walk(selection.selectionSet);
      else {
        const name = selection.element.responseName();
        (seen.has(name) ? repeated : seen).add(name);
      }
    }
  };
  walk(selections);
  return repeated;
}
