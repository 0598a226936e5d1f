// type-graphql classes to a Federation 2 subgraph schema, and its SDL as it is checked in.
import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import DataLoader from 'dataloader';
import { createPubSub } from '@graphql-yoga/subscription';
import { Kind, parse, type ConstDirectiveNode, type DocumentNode, type GraphQLSchema } from 'graphql';
import { buildSchema, createResolversMap, type ClassType, type NonEmptyArray } from 'type-graphql';
import type { RequestDeps } from './deps.js';
import { enforceRequirements } from './enforcement.js';
import { DateTimeScalar } from './instant.js';
import type { StepUpRules } from './requirements.js';

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@authenticated", "@requiresScopes", "@policy", "@tag", "@interfaceObject", "@cost", "@listSize"])`;

/** Finds what the viewer may see of these ids, in one go, in the same order; null for all else. */
export type LoadReferences<Deps> = (
  deps: Deps,
  ids: readonly string[],
) => Promise<readonly (object | null)[]>;

export interface SubgraphSchema<Deps extends RequestDeps> {
  readonly resolvers: NonEmptyArray<ClassType | (new (...args: never[]) => unknown)>;
  /**
   * Every entity with a resolvable key, by its GraphQL name. An entity without a loader would be echoed and its fields
   * resolved with no authorisation, so one that is missing here, or here and not in the schema, stops the start.
   */
  readonly entities: Readonly<Record<string, LoadReferences<Deps>>>;
  /** Object types that no field leads to, such as stubs of foreign entities; else they are silently left out. */
  readonly orphanedTypes?: readonly ClassType[];
}

export interface BuiltSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

/** Builds the schema; throws when the entities named and the entities found differ. */
export async function buildSubgraph<Deps extends RequestDeps>(
  parts: SubgraphSchema<Deps>,
  stepUp?: StepUpRules,
): Promise<BuiltSchema> {
  const bare = await buildSchema({
    resolvers: parts.resolvers as NonEmptyArray<ClassType>,
    orphanedTypes: [...(parts.orphanedTypes ?? [])],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    validate: { forbidUnknownValues: false },
    // A subgraph may have no query of its own.
    skipCheck: true,
    // Never used, since our subscriptions bring their own source; type-graphql refuses to build without one.
    pubSub: createPubSub(),
  });
  const sdl = `${federation}\n\n${printSchemaWithDirectives(bare)}\n`;
  const resolvers = createResolversMap(bare) as Record<string, Record<string, unknown>>;
  const typeDefs = parse(sdl);
  const { resolvable, references } = keyedTypes(typeDefs);
  checkEntities(resolvable, Object.keys(parts.entities));
  for (const [name, load] of Object.entries(parts.entities)) {
    resolvers[name] = { ...resolvers[name], __resolveReference: batched(load) };
  }
  // The gateway never asks for them here; whoever does would have the key echoed.
  for (const name of references) resolvers[name] = { ...resolvers[name], __resolveReference: () => null };
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
  enforceRequirements(schema, stepUp);
  return { schema, sdl };
}

/** The names of types with a key that can be resolved here, and of those that are mere references. */
function keyedTypes(document: DocumentNode): { resolvable: string[]; references: string[] } {
  const keyed = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const keys = (definition.directives ?? []).filter((directive) => directive.name.value === 'key');
    return keys.length > 0 ? [{ name: definition.name.value, resolvable: !keys.every(isUnresolvable) }] : [];
  });
  const named = (wanted: boolean): string[] =>
    keyed.filter(({ resolvable }) => resolvable === wanted).map(({ name }) => name);
  return { resolvable: named(true), references: named(false) };
}

const isUnresolvable = (key: ConstDirectiveNode): boolean =>
  key.arguments?.some(
    ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
  ) ?? false;

function checkEntities(found: readonly string[], named: readonly string[]): void {
  const missing = found.filter((name) => !named.includes(name));
  const unknown = named.filter((name) => !found.includes(name));
  if (missing.length > 0) throw new Error(`Entities without a reference loader: ${missing.join(', ')}.`);
  if (unknown.length > 0)
    throw new Error(`Entities named but absent from the schema: ${unknown.join(', ')}.`);
}

const loaders = new WeakMap<object, Map<LoadReferences<never>, DataLoader<string, object | null>>>();

/** The gateway asks for many representations at once: one query answers them all. */
const batched =
  <Deps extends RequestDeps>(load: LoadReferences<Deps>) =>
  (reference: { readonly id: string }, deps: Deps): Promise<object | null> => {
    const ofRequest =
      loaders.get(deps) ?? new Map<LoadReferences<never>, DataLoader<string, object | null>>();
    loaders.set(deps, ofRequest);
    const key = load as unknown as LoadReferences<never>;
    const loader = ofRequest.get(key) ?? new DataLoader((ids: readonly string[]) => load(deps, ids));
    ofRequest.set(key, loader);
    return loader.load(reference.id);
  };
