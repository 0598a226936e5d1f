// `@skip` and `@include` of a selection.
import {
  isVariable,
  type FieldSelection,
  type FragmentElement,
  type Schema,
} from '@apollo/federation-internals';
import type { Values } from './values.js';

export type Condition = (variables: Readonly<Values>) => boolean;

/** All must hold. A constant one is a condition as well, since the planner keeps it. */
export function conditionsOf(
  element: FragmentElement | FieldSelection['element'],
  schema: Schema,
): Condition[] {
  const [skip] = element.appliedDirectivesOf(schema.skipDirective());
  const [include] = element.appliedDirectivesOf(schema.includeDirective());
  return [
    ...(skip ? [condition(skip.arguments().if, false)] : []),
    ...(include ? [condition(include.arguments().if, true)] : []),
  ];
}

function condition(value: unknown, wanted: boolean): Condition {
  if (!isVariable(value)) return () => value === wanted;
  const { name } = value;
  return (variables) => {
    const given = variables[name];
    if (typeof given !== 'boolean') throw new Error(`Unexpected value for the variable $${name}.`);
    return given === wanted;
  };
}
