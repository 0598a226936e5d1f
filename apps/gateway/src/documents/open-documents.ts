// The documents of a gateway, by its configuration.
import { Documents } from './documents.js';
import { TrustedDocuments } from './trusted-documents.js';
import type { TrustMode } from './trusted-documents.js';

interface Configured {
  readonly NODE_ENV: string;
  readonly TRUSTED_DOCUMENTS?: TrustMode | undefined;
  readonly TRUSTED_DOCUMENTS_FILES: readonly string[];
}

/** @param usual the manifests where none are configured. Rejects with a ConfigError for one that is none. */
export const openDocuments = async (config: Configured, usual: readonly string[] = []): Promise<Documents> =>
  new Documents(
    await TrustedDocuments.open({
      mode: config.TRUSTED_DOCUMENTS ?? (config.NODE_ENV === 'production' ? 'preferred' : 'off'),
      files: config.TRUSTED_DOCUMENTS_FILES.length > 0 ? config.TRUSTED_DOCUMENTS_FILES : usual,
    }),
  );
