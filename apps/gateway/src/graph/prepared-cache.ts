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
}

/** Far more than our own clients have; what was not used for longest goes first. */
const most = 2_000;

export class PreparedCache<One> {
  /** The short way: most requests come with a document that was seen before. */
  private readonly byDocument = new WeakMap<DocumentNode, Map<string, One>>();
  private readonly byText = new Map<string, Entry<One>>();

  get(
    document: DocumentNode,
    operationName: string | null | undefined,
    on: readonly string[],
    make: () => One,
  ): One {
    const name = operationName ?? '';
    const variant = on.length === 0 ? name : `${name}\n${on.join('\n')}`;
    const known = this.byDocument.get(document);
    const one =
      known?.get(variant) ?? this.ofText(document, variant, { operationName: name || undefined, on }, make);
    if (known) known.set(variant, one);
    else this.byDocument.set(document, new Map([[variant, one]]));
    return one;
  }

  /** The texts that are there, those used last at the end. */
  texts(): OperationText[] {
    return [...this.byText.values()];
  }

  private ofText(
    document: DocumentNode,
    variant: string,
    told: Omit<OperationText, 'text'>,
    make: () => One,
  ): One {
    const text = document.loc?.source.body;
    if (text === undefined) return make();
    const key = `${variant}\n${text}`;
    const entry = this.byText.get(key) ?? { text, ...told, one: make() };
    this.byText.delete(key);
    this.byText.set(key, entry);
    const [oldest] = this.byText.keys();
    if (this.byText.size > most && oldest !== undefined) this.byText.delete(oldest);
    return entry.one;
  }
}
