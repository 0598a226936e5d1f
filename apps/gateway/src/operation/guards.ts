// What each field of the graph asks of its caller, as the supergraph's @authenticated, @requiresScopes and @policy say.
import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { requirementOf, type Requirement } from '@caregraph/subgraph';

/** What a field asks for, by the type that it is selected on; empty when it asks for nothing. */
export type Guards = (parent: string, field: string) => Requirement;

const security = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\//;

/**
 * The supergraph as Apollo's gateway takes it. It refuses one that is linked to security features, because it enforces
 * none of them; we do, so the links lose their `for: SECURITY` on the way to it.
 */
export const plannable = (supergraphSdl: string): string =>
  print(
    visit(parse(supergraphSdl), {
      Directive: (link) => {
        if (link.name.value !== 'link' || !security.test(textOf(link, 'url'))) return undefined;
        return { ...link, arguments: (link.arguments ?? []).filter(({ name }) => name.value !== 'for') };
      },
    }),
  );

/** @param schema the supergraph's, with its types and interfaces. */
export function guardsOf(supergraphSdl: string, schema: GraphQLSchema): Guards {
  const document = parse(supergraphSdl);
  const names = namesOf(document);
  const elements = requirementsOf(document, names);
  const of = (coordinate: string): Requirement => elements.get(coordinate) ?? [];
  const known = new Map<string, Requirement>();
  const build = (parent: string, field: string): Requirement => {
    const type = schema.getType(parent);
    const all = [...of(parent), ...of(`${parent}.${field}`)];
    // It is not known yet which of them will answer, so the caller must meet what each asks for.
    if (isInterfaceType(type) && field !== '__typename')
      for (const { name } of schema.getPossibleTypes(type)) all.push(...of(name), ...of(`${name}.${field}`));
    const answered = isInterfaceType(type) || isObjectType(type) ? type.getFields()[field]?.type : undefined;
    if (answered) all.push(...of(getNamedType(answered).name));
    return [...new Map(all.map((lists) => [JSON.stringify(lists), lists])).values()];
  };
  return (parent, field) => {
    const coordinate = `${parent}.${field}`;
    const requirement = known.get(coordinate) ?? build(parent, field);
    known.set(coordinate, requirement);
    return requirement;
  };
}

/** By `Type` and `Type.field`. */
function requirementsOf(
  document: DocumentNode,
  names: ReadonlyMap<string, string>,
): Map<string, Requirement> {
  const found = new Map<string, Requirement>();
  const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    const requirement = requirementOf((directives ?? []).flatMap((one) => renamed(one, names)));
    if (requirement.length > 0) found.set(coordinate, [...(found.get(coordinate) ?? []), ...requirement]);
  };
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    add(type, definition.directives);
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    for (const field of fields) add(`${type}.${field.name.value}`, field.directives);
  }
  return found;
}

function renamed(directive: ConstDirectiveNode, names: ReadonlyMap<string, string>): ConstDirectiveNode[] {
  const value = names.get(directive.name.value);
  return value === undefined ? [] : [{ ...directive, name: { kind: Kind.NAME, value } }];
}

/** What this supergraph calls the three directives: a link may rename them. */
function namesOf(document: DocumentNode): Map<string, string> {
  const names = new Map<string, string>();
  visit(document, {
    Directive: (link) => {
      const feature = security.exec(link.name.value === 'link' ? textOf(link, 'url') : '')?.[1];
      if (feature !== undefined)
        names.set(importedAs(link, feature) ?? (textOf(link, 'as') || feature), feature);
    },
  });
  return names;
}

function importedAs(link: Directive, feature: string): string | undefined {
  const imports = link.arguments?.find(({ name }) => name.value === 'import')?.value;
  if (imports?.kind !== Kind.LIST) return undefined;
  const name = `@${feature}`;
  const found = imports.values.map((one) => namesIn(one)).find((one) => one.name === name);
  return found?.as.slice(1);
}

/** `"@policy"`, or `{ name: "@policy", as: "@rule" }`. */
function namesIn(imported: ValueNode): { readonly name: string; readonly as: string } {
  const value: unknown = valueFromASTUntyped(imported);
  if (typeof value === 'string') return { name: value, as: value };
  const { name = '', as = name } = value as { readonly name?: string; readonly as?: string };
  return { name, as };
}

interface Directive {
  readonly arguments?:
    readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[] | undefined;
}

function textOf(directive: Directive, argument: string): string {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
