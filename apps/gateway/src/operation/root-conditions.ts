// GraphQL of September 2025 lets no condition stand on what a subscription subscribes to: whether there is anything to
// listen to must be known before it begins.
import { GraphQLError, Kind, OperationTypeNode, type SelectionSetNode, type ValidationRule } from 'graphql';

/** Refuses `@skip` and `@include` on the root selections of a subscription, in fragments too. */
export const noRootConditions: ValidationRule = (context) => ({
  OperationDefinition: ({ operation, selectionSet }) => {
    if (operation !== OperationTypeNode.SUBSCRIPTION) return;
    const seen = new Set<string>();
    const check = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        const found = selection.directives?.find(({ name }) => ['skip', 'include'].includes(name.value));
        if (found) {
          const message = `The root field of a subscription takes no @${found.name.value}.`;
          context.reportError(new GraphQLError(message, { nodes: found }));
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
        if (selection.kind !== Kind.FRAGMENT_SPREAD || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (fragment) check(fragment.selectionSet);
      }
    };
    check(selectionSet);
  },
});
