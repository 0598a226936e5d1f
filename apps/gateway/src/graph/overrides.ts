// Progressive `@override`: a field that moves from one subgraph to another has a label, and for each request it is asked
// anew which of the labels are on for its caller; for a subscription also whenever one is switched. A plan is made for
// one combination of them.
import { createHash } from 'node:crypto';
import { isInterfaceType, isObjectType, Kind, type GraphQLNamedType, type GraphQLSchema } from 'graphql';
import type { Viewer } from '@caregraph/runtime';

/** Whether a named label is on for a caller. */
export type DecideLabel = (label: string, viewer: Viewer) => boolean;

/** The labels of a supergraph, in order. */
export function labelsOf(supergraphSchema: GraphQLSchema): readonly string[] {
  return [...new Set(Object.values(supergraphSchema.getTypeMap()).flatMap(labelsOfType))].toSorted();
}

function labelsOfType(type: GraphQLNamedType): string[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ astNode }) =>
    (astNode?.directives ?? []).flatMap((directive) => {
      const label = directive.arguments?.find(({ name }) => name.value === 'overrideLabel')?.value;
      return directive.name.value === 'join__field' && label?.kind === Kind.STRING ? [label.value] : [];
    }),
  );
}

/** Those that are on. A share is of callers, so that nobody sees a field change its source from request to request. */
export function labelsOn(labels: readonly string[], viewer: Viewer, decide: DecideLabel): readonly string[] {
  if (labels.length === 0) return labels;
  const place = placeOf(viewer);
  return labels.filter((label) => {
    const share = shareOf(label);
    return share === undefined ? decide(label, viewer) : place < share;
  });
}

/** `percent(12.5)` is 12.5. */
function shareOf(label: string): number | undefined {
  const share = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
  return share === undefined ? undefined : Number(share);
}

/** From 0 to 100, always the same for a caller. One place for all labels, so that there are few combinations. */
function placeOf({ account, sid, requestId }: Viewer): number {
  const hash = createHash('sha256').update(account ?? sid ?? requestId);
  return (hash.digest().readUIntBE(0, 6) / 2 ** 48) * 100;
}
