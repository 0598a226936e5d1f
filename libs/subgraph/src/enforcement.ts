// Enforces @authenticated, @requiresScopes and @policy where a subgraph executes, however a field is reached: by a
// query, through `_entities`, or by somebody who is not the gateway.
import {
  defaultFieldResolver,
  getNamedType,
  isIntrospectionType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { RequestDeps } from './deps.js';
import {
  defaultStepUp,
  refusalOf,
  requirementOf,
  type Requirement,
  type StepUpRules,
} from './requirements.js';

/** Wraps the resolver of each field that asks for something. Changes the schema that it is given. */
export function enforceRequirements(schema: GraphQLSchema, stepUp: StepUpRules = defaultStepUp): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values<GraphQLField<unknown, RequestDeps>>(type.getFields())) {
      const requirement = requirementOfField(type, field);
      if (requirement.length > 0) enforce(field, { requirement, what: `${type.name}.${field.name}`, stepUp });
    }
  }
}

/** By itself, by the type that it belongs to, by that type's interfaces, and by the type that it answers. */
function requirementOfField(type: GraphQLObjectType, field: GraphQLField<unknown, RequestDeps>): Requirement {
  const above = type.getInterfaces().flatMap((one) => [one, one.getFields()[field.name]]);
  return [type, field, getNamedType(field.type), ...above].flatMap(requirementOfElement);
}

interface Element {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] | undefined }[];
}

const requirementOfElement = (element: Element | undefined): Requirement =>
  [element?.astNode, ...(element?.extensionASTNodes ?? [])].flatMap((node) =>
    requirementOf(node?.directives),
  );

function enforce(
  field: GraphQLField<unknown, RequestDeps>,
  asked: { readonly requirement: Requirement; readonly what: string; readonly stepUp: StepUpRules },
): void {
  const check = ({ viewer }: RequestDeps): void => {
    const refusal = refusalOf(asked.requirement, viewer, asked);
    if (refusal) throw refusal;
  };
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (source, given, deps, info) => {
    check(deps);
    return resolve(source, given, deps, info);
  };
  if (!subscribe) return;
  field.subscribe = (source, given, deps, info) => {
    check(deps);
    return subscribe(source, given, deps, info);
  };
}
