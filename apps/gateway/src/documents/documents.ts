// Which document a request means: it sends the text, or names it by an id, or both. The same over HTTP, sockets and
// streams. An id is a trusted document's, or the hash of a text that was sent before.
import { GraphQLError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import type { ErrorCode } from '@caregraph/subgraph';
import { callerKey } from '../caller/caller-key.js';
import { sha256Of } from './manifest.js';
import { RememberedDocuments } from './remembered-documents.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** What a request says of its document, as it came. */
export interface Asking {
  readonly query?: unknown;
  /** GraphQL over HTTP's name for it; `sha256:` before a hash is optional. */
  readonly documentId?: unknown;
  /** `persistedQuery: { version: 1, sha256Hash }` is Apollo's. */
  readonly extensions?: unknown;
}

export interface AskedDocument {
  readonly text: string;
  /** What it is remembered by once it has proved valid; left out, there is nothing to remember. */
  readonly hash?: string;
}

export class Documents {
  constructor(
    readonly trusted: TrustedDocuments,
    private readonly remembered = new RememberedDocuments(),
  ) {}

  /**
   * Undefined for a request that sends its text as ever. Throws PERSISTED_QUERY_NOT_FOUND for an id of nothing,
   * DOCUMENT_NOT_TRUSTED where only trusted documents are served, and BAD_USER_INPUT for what contradicts itself.
   */
  asked({ query, documentId, extensions }: Asking, viewer: Viewer): AskedDocument | undefined {
    const text = typeof query === 'string' && query !== '' ? query : undefined;
    const id = documentId == null ? hashIn(extensions) : idOf(documentId);
    if (id === undefined) return text === undefined ? undefined : this.sent(text);
    if (text === undefined) return { text: this.named(id, viewer) };
    if (documentId != null) throw refused('BAD_USER_INPUT', 'Send either query or documentId.');
    return this.both(text, id);
  }

  /** To be called for what is valid and was admitted, and only then. */
  remember({ text, hash }: AskedDocument, viewer: Viewer): void {
    if (hash !== undefined) this.remembered.remember(hash, text, callerKey(viewer));
  }

  private sent(text: string): AskedDocument | undefined {
    if (this.trusted.mode !== 'only') return undefined;
    if (!this.trusted.has(text)) throw notTrusted();
    // What was looked at is what is run, however else the request could be read.
    return { text };
  }

  private named(id: string, viewer: Viewer): string {
    const text = this.trusted.find(id);
    if (text !== undefined) return text;
    const known = this.trusted.mode === 'only' ? undefined : this.remembered.find(id, callerKey(viewer));
    // Clients know this text: they send the document along with its hash then.
    if (known === undefined) throw refused('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
    return known;
  }

  private both(text: string, id: string): AskedDocument {
    if (this.trusted.find(id) === text) return { text };
    if (sha256Of(text) !== id) throw refused('BAD_USER_INPUT', 'provided sha does not match query');
    if (this.trusted.has(text)) return { text };
    if (this.trusted.mode === 'only') throw notTrusted();
    return { text, hash: id };
  }
}

function hashIn(extensions: unknown): string | undefined {
  const persisted = (Object(extensions) as { persistedQuery?: unknown }).persistedQuery;
  if (persisted == null) return undefined;
  const { version, sha256Hash } = Object(persisted) as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1 || typeof sha256Hash !== 'string')
    throw refused('BAD_USER_INPUT', 'extensions.persistedQuery must be { version: 1, sha256Hash }.');
  return sha256Hash;
}

function idOf(documentId: unknown): string {
  if (typeof documentId !== 'string') throw refused('BAD_USER_INPUT', 'documentId must be text.');
  return documentId.replace(/^sha256:/, '');
}

const notTrusted = (): GraphQLError =>
  refused('DOCUMENT_NOT_TRUSTED', 'Only the documents of registered clients are served.');

const refused = (code: ErrorCode, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
