// The subgraphs of a supergraph, as its `join__Graph` names them.
import { Kind, parse, type ConstDirectiveNode } from 'graphql';

export interface JoinedGraph {
  readonly name: string;
  /** As the supergraph has it; whether it is an address is not looked at. */
  readonly url: string;
}

/** Throws for a text that is no supergraph. */
export function joinedGraphs(supergraphSdl: string): JoinedGraph[] {
  const graphs = parse(supergraphSdl).definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph'
      ? (definition.values ?? [])
      : [],
  );
  if (graphs.length === 0) throw new Error('This is no supergraph: it has no join__Graph.');
  return graphs.map(({ name, directives = [] }) => {
    const joined = directives.find((directive) => directive.name.value === 'join__graph');
    return { name: textOf(joined, 'name') ?? name.value, url: textOf(joined, 'url') ?? '' };
  });
}

function textOf(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
