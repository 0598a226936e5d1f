// Refusals as GraphQL types, and the result union of a mutation. The classes are the domain's own, so that the
// compiler holds the use case's outcome against what the schema shows.
import { Refusal, refusalTypeName } from '@caregraph/contracts';
import { createUnionType, Field, InterfaceType, ObjectType, type ClassType } from 'type-graphql';

/**
 * The interface of all refusals; frozen: it is the same in each subgraph, and a field added in one breaks them all.
 * Implementations are not registered by themselves, else every refusal of a library would appear in every schema.
 */
@InterfaceType('DomainError', {
  autoRegisterImplementations: false,
  description: 'An expected "no". Always select `code` and `message`: new refusals may be added at any time.',
  resolveType: (value: Refusal) => refusalTypeName(value.code),
})
export abstract class DomainError {
  @Field(() => String, { description: 'Stable, in capitals: SLOT_TAKEN.' })
  code!: string;

  @Field(() => String, { description: 'One sentence in English, for developers; not meant to be parsed.' })
  message!: string;
}

type RefusalClass = abstract new (...args: never[]) => Refusal;
type ExtraFields = Readonly<
  Record<
    string,
    { readonly type: () => ClassType | object; readonly description: string; readonly nullable?: boolean }
  >
>;

/**
 * Shows a refusal of the domain in the schema. Its GraphQL name is the class's own, which must match its code.
 * @param description begins "Returned when …".
 * @param extra further fields that clients may read off it.
 */
export function refusalType(refusal: RefusalClass, description: string, extra: ExtraFields = {}): void {
  const target = refusal as unknown as ClassType;
  ObjectType(target.name, { implements: DomainError, description })(target);
  for (const [field, { type, ...options }] of Object.entries(extra)) {
    Field(type as () => ClassType, options)(target.prototype, field);
  }
}

type InstanceOfAny<Classes extends readonly RefusalClass[]> = InstanceType<Classes[number]>;

/** The union type of one mutation's outcome; `Outcome` is its TypeScript twin, used as the resolver's return type. */
export interface ResultUnion<Outcome> {
  readonly type: ClassType;
  /** Never set: carries the type of the outcome. */
  readonly outcome?: Outcome;
}

/** What a resolver of the union may return; a refusal that the schema does not show does not compile. */
export type OutcomeOf<Union> = Union extends ResultUnion<infer Outcome> ? Outcome : never;

/**
 * Makes `<Verb><Noun>Result`: the changed entity, or one of its refusals.
 * Curried, so that the entity's class is named and the refusals are inferred:
 * `resultUnion<Appointment>()('CancelAppointmentResult', AppointmentObject, [AppointmentNotFound])`.
 */
export const resultUnion =
  <Entity>() =>
  // One at least: clients select `... on DomainError` on every result, which is no valid document where none can come.
  <const Refusals extends readonly [RefusalClass, ...RefusalClass[]]>(
    name: string,
    entity: ClassType,
    refusals: Refusals,
  ): ResultUnion<Entity | InstanceOfAny<Refusals>> => ({
    type: createUnionType({
      name,
      types: () => [entity, ...(refusals as unknown as ClassType[])] as const,
      // What is no refusal is the domain's plain class, of which type-graphql knows nothing: `AppointmentObject` shows it.
      resolveType: (value: object) =>
        (value instanceof Refusal ? refusalTypeName(value.code) : entity) as string,
    }) as unknown as ClassType,
  });
