// What of an entity a subgraph is told, so that it can resolve its fields: the selections that a fetch requires, read
// from the data that is there.
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { isObjectType, type GraphQLSchema } from 'graphql';
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

/** How the entities of a fetch are named to the subgraph. */
export interface EntityText {
  readonly textOf: TextOf;
  /**
   * What tells an entity from the others of the fetch, cheaper than its text; undefined where only the text does.
   * Measured: to look for texts put together from parts, each of them made whole for it, took twice as long as to
   * make them.
   */
  readonly keyOf: (entity: Values) => string | undefined;
}

/**
 * The same as text. Nearly all are keys of one type, and are written down without an object in between: a list of a
 * hundred entities is a hundred of them.
 */
export function compileText(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
): EntityText {
  const represent = compileRepresentation(schema, selections);
  const whole: TextOf = (entity) => {
    const representation = represent(entity);
    return representation?.__typename ? JSON.stringify(representation) : undefined;
  };
  const namesByType = selections.map(flatNames);
  const known = new Map<unknown, TextOf>();
  const compiled = (entity: Values): TextOf => {
    const applying = selections.flatMap((selection, index) =>
      selection.kind === 'InlineFragment' && isOfType(schema, entity, selection.typeCondition ?? '', false)
        ? [namesByType[index]]
        : [],
    );
    const [only] = applying;
    return only && applying.length === 1 && namesByType.every(Boolean)
      ? flatText(only, entity.__typename)
      : whole;
  };
  const textOf: TextOf = (entity) => {
    const { __typename: typename } = entity;
    let text = known.get(typename);
    if (!text) known.set(typename, (text = compiled(entity)));
    return text(entity);
  };
  return { textOf, keyOf: keyOf(schema, selections, namesByType) };
}

/** For a fragment on a type that names fields of their own, its own type among them, and nothing below them. */
function flatNames(selection: QueryPlanSelectionNode): readonly string[] | undefined {
  if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return undefined;
  const names = selection.selections.flatMap((field) =>
    field.kind === 'Field' && !field.selections ? [field.alias ?? field.name] : [],
  );
  const isFlat = names.length === selection.selections.length && new Set(names).size === names.length;
  return isFlat && names.includes('__typename') ? names : undefined;
}

/** Of entities whose type is known: it is no field any more, but a part of the text. */
function flatText(names: readonly string[], typename: unknown): TextOf {
  const parts: { readonly before: string; readonly name: string }[] = [];
  let before = '{';
  for (const [index, name] of names.entries()) {
    before += `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
    if (name === '__typename') before += JSON.stringify(typename);
    else {
      parts.push({ before, name });
      before = '';
    }
  }
  const end = `${before}}`;
  return (entity) => {
    let text = '';
    for (const part of parts) {
      const value = Object.hasOwn(entity, part.name) ? entity[part.name] : undefined;
      if (value === undefined) return undefined;
      text += part.before + JSON.stringify(value);
    }
    return text + end;
  };
}

/** Where all are of one type and have one key, which is a text, that key. */
function keyOf(
  schema: GraphQLSchema,
  [selection, ...others]: readonly QueryPlanSelectionNode[],
  [names = []]: readonly (readonly string[] | undefined)[],
): EntityText['keyOf'] {
  const typename = selection?.kind === 'InlineFragment' ? selection.typeCondition : undefined;
  const [key, ...more] = names.filter((name) => name !== '__typename');
  const isOne = others.length === 0 && more.length === 0 && isObjectType(schema.getType(typename ?? ''));
  if (key === undefined || !isOne) return () => undefined;
  return (entity) => {
    if (entity.__typename !== typename || !Object.hasOwn(entity, key)) return undefined;
    const value = entity[key];
    return typeof value === 'string' ? value : undefined;
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
