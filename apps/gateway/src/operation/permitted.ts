// An operation without what its caller may not have: filtered before it is planned, so that no subgraph is asked for it.
// Compiled once for each outcome of what the operation demands, so that callers who meet the same share their plans.
import {
  baseType,
  Field,
  FieldSelection,
  isListType,
  isNonNullType,
  Operation,
  selectionOfElement,
  selectionSetOf,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import {
  isMet,
  refusalOf,
  type Demand,
  type Meets,
  type Requirement,
  type StepUpRules,
} from '@caregraph/subgraph';
import { nameForClient } from '../graph/client-names.js';
import { conditionsOf } from '../graph/conditions.js';
import type { Values } from '../graph/values.js';
import type { Guards } from './guards.js';

/** A field that was taken out. */
export interface RefusedField {
  /** `Appointment.history`. */
  readonly what: string;
  /** Names in the answer; `@` stands for each entry of a list. */
  readonly path: readonly string[];
  readonly requirement: Requirement;
  /** Whether it is asked for at all, by its @skip and @include and those above it. */
  readonly isWanted: (variables: Readonly<Values>) => boolean;
}

export interface Permitted {
  /** Undefined when nothing is left. */
  readonly operation: Operation | undefined;
  readonly refused: readonly RefusedField[];
}

/** Whether a field is denied, by the type that it is selected on. */
export type Denies = (parent: string, field: string) => boolean;

export const deniedBy =
  (guards: Guards, meets: Meets): Denies =>
  (parent, field) =>
    !isMet(guards(parent, field), meets);

/** All that some part of the operation asks for, each once. */
export function demandsIn({ selectionSet }: Operation, guards: Guards): readonly Demand[] {
  const demands = new Set<Demand>();
  const walk = (set: SelectionSet): void => {
    for (const selection of set.selections()) {
      if (selection.kind === 'FieldSelection') {
        const { parentType, name } = selection.element;
        for (const demand of guards(parentType.name, name).flat(2)) demands.add(demand);
        // Lists without a demand in them are met by nobody, or by everybody; either way the operation is looked through.
        if (guards(parentType.name, name).length > 0) demands.add('');
      }
      if (selection.selectionSet) walk(selection.selectionSet);
    }
  };
  walk(selectionSet);
  return [...demands].sort();
}

/** Takes out what is denied. */
export function permitted(operation: Operation, guards: Guards, denies: Denies): Permitted {
  const filter = new Filter(operation, guards, denies);
  const left = filter.set(operation.selectionSet, { path: [], conditions: [] });
  if (filter.refused.length === 0) return { operation, refused: [] };
  const { rootKind, variableDefinitions, name, appliedDirectives } = operation;
  return {
    refused: filter.refused,
    operation: left.isEmpty()
      ? undefined
      : new Operation(
          operation.schema(),
          rootKind,
          left,
          variableDefinitions,
          undefined,
          name,
          appliedDirectives,
        ),
  };
}

interface Place {
  readonly path: readonly string[];
  readonly conditions: readonly ((variables: Readonly<Values>) => boolean)[];
}

class Filter {
  readonly refused: RefusedField[] = [];
  private readonly defaults: Readonly<Values>;

  constructor(
    private readonly operation: Operation,
    private readonly guards: Guards,
    private readonly denies: Denies,
  ) {
    this.defaults = operation.collectDefaultedVariableValues();
  }

  set(selections: SelectionSet, above: Place): SelectionSet {
    return selections.lazyMap((selection) => {
      const conditions = [...above.conditions, ...conditionsOf(selection.element, this.operation.schema())];
      if (selection.kind === 'FieldSelection') return this.field(selection, { ...above, conditions });
      const left = this.set(selection.selectionSet, { ...above, conditions });
      if (left.isEmpty()) return undefined;
      // A named fragment is written out: elsewhere the same one may lose other fields.
      return selectionOfElement(selection.element, left);
    });
  }

  private field(selection: FieldSelection, { path, conditions }: Place): FieldSelection | undefined {
    const { element, selectionSet } = selection;
    const parent = element.parentType.name;
    const own = [...path, nameForClient(element.responseName())];
    if (this.denies(parent, element.name)) {
      this.refused.push({
        what: `${parent}.${element.name}`,
        path: own,
        requirement: this.guards(parent, element.name),
        isWanted: (variables) => {
          const given = { ...this.defaults, ...variables };
          return conditions.every((holds) => holds(given));
        },
      });
      return undefined;
    }
    if (!selectionSet) return selection;
    const type = element.definition.type as Type;
    const left = this.set(selectionSet, { path: [...own, ...listsOf(type)], conditions });
    if (!left.isEmpty()) return selection.withUpdatedSelectionSet(left);
    // Whether there is something is not denied: only what it says.
    const typename = selectionSet.parentType.typenameField();
    if (!typename) throw new Error(`${baseType(type).name} has no name.`);
    return selection.withUpdatedSelectionSet(
      selectionSetOf(selectionSet.parentType, new FieldSelection(new Field(typename))),
    );
  }
}

function listsOf(type: Type): string[] {
  if (isNonNullType(type)) return listsOf(type.ofType as Type);
  return isListType(type) ? ['@', ...listsOf(type.ofType as Type)] : [];
}

/** What the client is told of the fields that were taken out, one error each. */
export const refusalsOf = (
  refused: readonly RefusedField[],
  {
    viewer,
    variables,
    stepUp,
  }: { viewer: Viewer; variables: Readonly<Values>; stepUp?: StepUpRules | undefined },
): GraphQLError[] =>
  refused.flatMap(({ what, path, requirement, isWanted }) => {
    const refusal = isWanted(variables)
      ? refusalOf(requirement, viewer, stepUp ? { what, stepUp } : { what })
      : undefined;
    return refusal ? [new GraphQLError(refusal.message, { path, extensions: refusal.extensions })] : [];
  });
