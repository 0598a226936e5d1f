// Random operations on a schema and random answers to them, from a seed: what the specs compare two executors with.
import {
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isUnionType,
  type AbstractType,
  type CompositeType,
  type FieldDefinition,
  type InputType,
  type ObjectType,
  type Operation,
  type Schema,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals';

type Values = Record<string, unknown>;

export class RandomGraph {
  private state: number;
  private readonly flags = ['one', 'two'];

  constructor(
    private readonly schema: Schema,
    seed: number,
  ) {
    this.state = seed >>> 0 || 1;
  }

  /** A valid query with fragments, aliases and conditions, and values for its variables. */
  operation(): { text: string; variables: Values } {
    const root = this.schema.schemaDefinition.rootType('query') as ObjectType;
    const selections = this.selections(root, 4);
    return {
      text: `query Random($one: Boolean!, $two: Boolean = true) ${selections}`,
      variables: { one: this.chance(0.5), ...(this.chance(0.5) ? { two: this.chance(0.5) } : {}) },
    };
  }

  /** What subgraphs might have answered, mistakes included. */
  answer(operation: Operation): Values {
    const root = this.schema.schemaDefinition.rootType('query') as ObjectType;
    return this.object(operation.selectionSet, root);
  }

  /** What a subgraph might answer for one entity; null for one that it does not know. */
  entity(operation: Operation, typename: string): Values | null {
    if (this.chance(0.1)) return null;
    const values: Values = {};
    for (const selection of operation.selectionSet.selections()) {
      if (selection.selectionSet) this.fillFor(typename, values, selection.selectionSet);
    }
    return values;
  }

  private fillFor(typename: string, values: Values, selections: SelectionSet): void {
    for (const selection of selections.selections()) {
      const condition = selection.kind === 'FragmentSelection' ? selection.element.typeCondition : undefined;
      if (condition?.name === typename && selection.selectionSet) this.fill(values, selection.selectionSet);
    }
  }

  private next(): number {
    // Mulberry32: small, and the same everywhere.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  private chance(share: number): boolean {
    return this.next() < share;
  }

  private pick<One>(list: readonly One[]): One {
    const one = list[Math.floor(this.next() * list.length)];
    if (one === undefined) throw new Error('Nothing to pick from.');
    return one;
  }

  private selections(type: CompositeType, depth: number): string {
    const parts = Array.from({ length: 1 + Math.floor(this.next() * 5) }, () => this.selection(type, depth));
    const some = parts.filter((part) => part !== '');
    return `{ ${some.length > 0 ? some.join(' ') : '__typename'} }`;
  }

  private selection(type: CompositeType, depth: number): string {
    if (this.chance(0.08)) return this.chance(0.5) ? '__typename' : `named: __typename`;
    if (isUnionType(type) || (depth > 0 && this.chance(0.2))) return this.fragment(type, depth);
    const fields = isUnionType(type) ? [] : type.fields().filter((field) => !field.name.startsWith('__'));
    const field = this.pick(fields);
    return this.field(field, depth);
  }

  private fragment(type: CompositeType, depth: number): string {
    if (depth <= 0) return '__typename';
    const on = isAbstractType(type) ? this.pick(runtimeTypes(type)) : type;
    return `... on ${on.name}${this.condition()} ${this.selections(on, depth - 1)}`;
  }

  private field(field: FieldDefinition<CompositeType>, depth: number): string {
    const type = innermost(field.type as Type);
    if (isCompositeType(type) && depth <= 0) return '';
    // One alias for one field and its arguments: two fields under one name would not be valid.
    const alias = this.chance(0.15) ? `${field.name}_again: ` : '';
    const given = field.arguments().filter((argument) => isNonNullType(argument.type as Type));
    const args = given.map((argument) => `${argument.name}: ${this.literal(argument.type as InputType)}`);
    const list = args.length > 0 ? `(${args.join(', ')})` : '';
    const within = isCompositeType(type) ? ` ${this.selections(type, depth - 1)}` : '';
    return `${alias}${field.name}${list}${this.condition()}${within}`;
  }

  private condition(): string {
    if (this.chance(0.85)) return '';
    return (
      this.pick(['@skip', '@include']).padStart(6) +
      `(if: ${this.pick([...this.flags.map((name) => `$${name}`), 'true', 'false'])})`
    );
  }

  private literal(type: InputType): string {
    if (isNonNullType(type)) return this.literal(type.ofType as InputType);
    if (isListType(type)) return '[]';
    if (isEnumType(type)) return type.values[0]?.name ?? 'null';
    if ('fields' in type) {
      const needed = type.fields().filter((field) => isNonNullType(field.type as Type));
      return `{ ${needed.map((field) => `${field.name}: ${this.literal(field.type as InputType)}`).join(', ')} }`;
    }
    return { Int: '1', Float: '1.5', Boolean: 'true' }[type.name] ?? '"text"';
  }

  private object(selections: SelectionSet, type: CompositeType): Values {
    const actual = isAbstractType(type) ? this.pick(runtimeTypes(type)) : type;
    const values: Values = {};
    if (isAbstractType(type) ? !this.chance(0.05) : this.chance(0.5))
      values.__typename = this.chance(0.02) ? 'Nonsense' : actual.name;
    this.fill(values, selections);
    return values;
  }

  private fill(values: Values, selections: SelectionSet): void {
    for (const selection of selections.selections()) {
      if (selection.kind === 'FragmentSelection') this.fill(values, selection.selectionSet);
      else {
        const name = selection.element.responseName();
        if (selection.element.name.startsWith('__') || this.chance(0.04)) continue;
        const known = values[name];
        // What two selections of one field ask for lies in one object.
        if (known !== undefined) this.extend(known, selection.selectionSet);
        else values[name] = this.value(selection.element.definition.type as Type, selection.selectionSet);
      }
    }
  }

  private extend(known: unknown, selections: SelectionSet | undefined): void {
    if (!selections || typeof known !== 'object' || known === null) return;
    if (Array.isArray(known)) for (const element of known) this.extend(element, selections);
    else this.fill(known as Values, selections);
  }

  private value(type: Type, selections: SelectionSet | undefined): unknown {
    if (isNonNullType(type)) return this.chance(0.02) ? null : this.value(type.ofType as Type, selections);
    if (this.chance(0.08)) return null;
    if (isListType(type)) {
      const length = Math.floor(this.next() * 4);
      return Array.from({ length }, () => this.value(type.ofType as Type, selections));
    }
    return isCompositeType(type) ? selections && this.object(selections, type) : this.leaf(type);
  }

  private leaf(type: Type): unknown {
    if (this.chance(0.03)) return this.pick([true, 1.5, 'odd', 2 ** 40, {}]);
    if (isEnumType(type)) return this.pick(type.values).name;
    return { Int: 7, Float: 1.25, Boolean: true }[type.toString()] ?? 'text';
  }
}

const runtimeTypes = (type: AbstractType): readonly ObjectType[] =>
  isUnionType(type) ? type.types() : type.possibleRuntimeTypes();

function innermost(type: Type): Type {
  return isNonNullType(type) || isListType(type) ? innermost(type.ofType as Type) : type;
}
