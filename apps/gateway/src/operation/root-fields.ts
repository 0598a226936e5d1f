// How many root fields an operation asks for, through fragments.
import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Counts by the names in the answer: the same field twice under one name is executed once. `__typename` does nothing. */
export const rootFieldCount = (document: DocumentNode, operation: OperationDefinitionNode): number =>
  rootFields(document, operation).filter((name) => name !== '__typename').length;

const known = new WeakMap<OperationDefinitionNode, readonly string[]>();

/** The fields' own names, one for each name in the answer. Read once for each document that is remembered. */
export function rootFields(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  let names = known.get(operation);
  if (!names) known.set(operation, (names = readRootFields(document, operation)));
  return names;
}

function readRootFields(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names = new Map<string, string>();
  const collect = (selections: SelectionSetNode): void => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD)
        names.set((selection.alias ?? selection.name).value, selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else {
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return [...names.values()];
}
