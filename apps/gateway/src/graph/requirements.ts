// Two fields of one object may require one other field with different arguments. The planner fetches both under the same
// name, and a subgraph would compute with the wrong one without an error: such an operation is refused.
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { requiredSelections } from './client-names.js';

export interface Clash {
  /** The two fields that cannot be asked for in one place, as the operation has them. */
  readonly fields: readonly [string, string];
}

interface Requirement {
  readonly by: string;
  readonly given: string;
}

/** Finds the first clash of an operation. */
export class Requirements {
  constructor(private readonly schema: GraphQLSchema) {}

  clashOf(document: DocumentNode, operation: OperationDefinitionNode): Clash | undefined {
    const fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
      ),
    );
    const root = this.schema.getRootType(operation.operation);
    const walk = new Walk(this.schema, fragments);
    if (root) walk.selected(operation.selectionSet, root, '');
    return walk.clash;
  }
}

class Walk {
  clash: Clash | undefined;
  /** By place, type and name. */
  private readonly required = new Map<string, Requirement>();
  private readonly followed = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  /** What the client asks for at a place. */
  selected(selections: SelectionSetNode, type: GraphQLNamedType, place: string): void {
    this.each(selections, type, (field, parent) => {
      for (const object of this.objectsOf(parent)) this.requirementsOf(object, field.name.value, place);
      const next = this.typeOf(parent, field);
      if (field.selectionSet && next)
        this.selected(field.selectionSet, next, `${place}.${(field.alias ?? field.name).value}`);
    });
  }

  private requirementsOf(type: GraphQLObjectType, name: string, place: string): void {
    const key = `${place} ${type.name} ${name}`;
    if (this.followed.has(key)) return;
    this.followed.add(key);
    for (const selections of requiredSelections(type.getFields()[name]?.astNode))
      this.require(selections, type, place, name);
  }

  private require(selections: SelectionSetNode, type: GraphQLNamedType, place: string, by: string): void {
    this.each(selections, type, (field, parent) => {
      const name = field.name.value;
      for (const object of this.objectsOf(parent)) {
        this.note(`${place} ${object.name} ${name}`, { by, given: givenTo(field) });
        this.requirementsOf(object, name, place);
      }
      const next = this.typeOf(parent, field);
      if (field.selectionSet && next) this.require(field.selectionSet, next, `${place}.${name}`, by);
    });
  }

  private note(key: string, requirement: Requirement): void {
    const known = this.required.get(key);
    if (!known) this.required.set(key, requirement);
    else if (known.given !== requirement.given) this.clash ??= { fields: [known.by, requirement.by] };
  }

  private each(
    { selections }: SelectionSetNode,
    type: GraphQLNamedType,
    visit: (field: FieldNode, parent: GraphQLNamedType) => void,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        visit(selection, type);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
      if (fragment) this.each(fragment.selectionSet, condition ?? type, visit);
    }
  }

  private objectsOf(type: GraphQLNamedType): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? this.schema.getPossibleTypes(type) : [];
  }

  private typeOf(parent: GraphQLNamedType, { name }: FieldNode): GraphQLNamedType | undefined {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
    const field = parent.getFields()[name.value];
    return field && getNamedType(field.type);
  }
}

const givenTo = (field: FieldNode): string =>
  (field.arguments ?? [])
    .map((argument) => print(argument))
    .toSorted()
    .join(', ');
