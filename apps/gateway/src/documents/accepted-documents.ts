// Documents that Apollo Server has parsed and found valid, by their text. They need not go through it again: see
// `short-way.ts`.
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** Far more than our own clients have; what was not asked for longest goes first. */
const most = 2_000;
/** So many characters in all: one may be long, and 2,000 long ones are not worth their room. */
const mostCharacters = 8_000_000;

interface Accepted {
  readonly document: DocumentNode;
  /** Greater is later. */
  used: number;
}

export class AcceptedDocuments {
  private readonly byText = new Map<string, Accepted>();
  private uses = 0;
  private characters = 0;
  private schema: GraphQLSchema | undefined;

  /** Undefined for what was not accepted yet by this schema. */
  find(schema: GraphQLSchema, text: string): DocumentNode | undefined {
    if (schema !== this.schema) return undefined;
    const found = this.byText.get(text);
    if (found) found.used = this.uses += 1;
    return found?.document;
  }

  /** To be called for what is valid by this schema, and only then. What another schema accepted counts no more. */
  remember(schema: GraphQLSchema, text: string, document: DocumentNode): void {
    if (schema !== this.schema) {
      this.byText.clear();
      this.characters = 0;
      this.schema = schema;
    }
    if (this.byText.has(text)) return;
    this.byText.set(text, { document, used: (this.uses += 1) });
    this.characters += text.length;
    if (this.byText.size > most || this.characters > mostCharacters) this.forget();
  }

  /** A quarter at once, so that one need not look for the oldest each time. */
  private forget(): void {
    const oldest = [...this.byText].toSorted(([, one], [, other]) => one.used - other.used);
    for (const [text] of oldest) {
      if (this.byText.size <= most * 0.75 && this.characters <= mostCharacters * 0.75) return;
      this.byText.delete(text);
      this.characters -= text.length;
    }
  }
}
