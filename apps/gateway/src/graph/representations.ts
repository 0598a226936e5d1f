// What of an entity a subgraph is told, so that it can resolve its fields: the selections that a fetch requires, read
// from the data that is there.
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { mergeInto } from './merge.js';
import { isOfType } from './rewrites.js';
import type { Values } from './values.js';

/** The representation as JSON; undefined when the entity lacks a required field or does not tell its type. */
export type TextOf = (entity: Values) => string | undefined;

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

/**
 * The same as text. Nearly all are keys of one type, and are written down without an object in between: a list of a
 * hundred entities is a hundred of them.
 */
export function compileText(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): TextOf {
  const represent = compileRepresentation(schema, selections);
  const whole: TextOf = (entity) => {
    const representation = represent(entity);
    return representation?.__typename ? JSON.stringify(representation) : undefined;
  };
  const byType = selections.map(flatText);
  const known = new Map<unknown, TextOf>();
  const compiled = (entity: Values): TextOf => {
    const applying = selections.flatMap((selection, index) =>
      selection.kind === 'InlineFragment' && isOfType(schema, entity, selection.typeCondition ?? '', false)
        ? [byType[index]]
        : [],
    );
    const [only] = applying;
    return only && applying.length === 1 && byType.every(Boolean) ? only : whole;
  };
  return (entity) => {
    const { __typename: typename } = entity;
    let text = known.get(typename);
    if (!text) known.set(typename, (text = compiled(entity)));
    return text(entity);
  };
}

/** For a fragment on a type that names fields of their own, its own type among them, and nothing below them. */
function flatText(selection: QueryPlanSelectionNode): TextOf | undefined {
  if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return undefined;
  const names = selection.selections.flatMap((field) =>
    field.kind === 'Field' && !field.selections ? [field.alias ?? field.name] : [],
  );
  const isFlat = names.length === selection.selections.length && new Set(names).size === names.length;
  if (!isFlat || !names.includes('__typename')) return undefined;
  const keys = names.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (entity) => {
    let text = '';
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] as string;
      const value = Object.hasOwn(entity, name) ? entity[name] : undefined;
      if (value === undefined) return undefined;
      text += keys[index] as string;
      text += JSON.stringify(value);
    }
    return `${text}}`;
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
