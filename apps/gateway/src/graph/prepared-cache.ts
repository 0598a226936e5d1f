// Compiled operations, by their text: Apollo Server parses a text anew when the graph changes or its own cache is full.
import type { DocumentNode } from 'graphql';

export interface OperationText {
  readonly text: string;
  readonly operationName: string | undefined;
  /** The labels of overrides that the plan was made for. */
  readonly on: readonly string[];
}

interface Entry<One> extends OperationText {
  readonly one: One;
  /** Greater is later. */
  used: number;
}

/** Far more than our own clients have; what was not used for longest goes first. */
const most = 2_000;
/** How many go at once, so that one need not look for the oldest each time. */
const share = most / 4;

export class PreparedCache<One> {
  /** The short way: most requests come with a document that was seen before. */
  private readonly byDocument = new WeakMap<DocumentNode, Map<string, Entry<One>>>();
  private readonly byText = new Map<string, Entry<One>>();
  private uses = 0;

  get(
    document: DocumentNode,
    operationName: string | null | undefined,
    on: readonly string[],
    make: () => One,
  ): One {
    const name = operationName ?? '';
    const variant = on.length === 0 ? name : `${name}\n${on.join('\n')}`;
    const known = this.byDocument.get(document);
    const entry =
      known?.get(variant) ?? this.ofText(document, variant, { operationName: name || undefined, on }, make);
    entry.used = this.uses += 1;
    if (known) known.set(variant, entry);
    else this.byDocument.set(document, new Map([[variant, entry]]));
    return entry.one;
  }

  /** The texts that are there, those used last first. */
  texts(): (OperationText & { readonly one: One })[] {
    return [...this.byText.values()].toSorted((left, right) => right.used - left.used);
  }

  private ofText(
    document: DocumentNode,
    variant: string,
    told: Omit<OperationText, 'text'>,
    make: () => One,
  ): Entry<One> {
    const text = document.loc?.source.body;
    if (text === undefined) return { text: '', ...told, one: make(), used: 0 };
    const key = `${variant}\n${text}`;
    const known = this.byText.get(key);
    if (known) return known;
    const entry: Entry<One> = { text, ...told, one: make(), used: 0 };
    if (this.byText.size >= most) this.forget();
    this.byText.set(key, entry);
    return entry;
  }

  private forget(): void {
    const oldest = [...this.byText].toSorted(([, left], [, right]) => left.used - right.used).slice(0, share);
    for (const [key] of oldest) this.byText.delete(key);
  }
}
