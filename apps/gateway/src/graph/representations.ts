// What of an entity a subgraph is told, so that it can resolve its fields: the selections that a fetch requires, read
// from the data that is there.
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { mergeInto } from './merge.js';
import { isOfType } from './rewrites.js';
import type { Values } from './values.js';

/** The representation, or null when the entity lacks a required field. */
export type Represent = (entity: Values) => Values | null;

type Part = (source: Values, result: Values) => boolean;

export function compileRepresentation(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
): Represent {
  const parts = selections.map((selection): Part => {
    if (selection.kind === 'InlineFragment') return fragment(schema, selection);
    const name = selection.alias ?? selection.name;
    const within = selection.selections && compileRepresentation(schema, selection.selections);
    const shown = within ? (value: unknown) => showAll(within, value) : (value: unknown) => value;
    return (source, result) => {
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined) return false;
      result[name] = shown(value);
      return true;
    };
  });
  return (source) => {
    const result: Values = {};
    for (const part of parts) if (!part(source, result)) return null;
    return result;
  };
}

function fragment(
  schema: GraphQLSchema,
  { typeCondition, selections }: Extract<QueryPlanSelectionNode, { kind: 'InlineFragment' }>,
): Part {
  if (typeCondition === undefined) return () => true;
  const represent = compileRepresentation(schema, selections);
  const known = new Map<unknown, boolean>();
  return (source, result) => {
    const typename = source.__typename;
    let applies = known.get(typename);
    if (applies === undefined)
      known.set(typename, (applies = isOfType(schema, source, typeCondition, false)));
    const own = applies ? represent(source) : null;
    if (own) mergeInto(result, own);
    return true;
  };
}

function showAll(represent: Represent, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => showAll(represent, element));
  return value === null ? null : represent(value as Values);
}
