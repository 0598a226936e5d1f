// All generated pages, by path from the root.
import { apiPages } from './api.js';
import { livingSpecPage } from './living-spec.js';
import { templatesPage } from './templates.js';
import { workersPage } from './workers.js';

/** @param supergraph what the gateway serves. */
export const pages = (supergraph: string): Map<string, string> =>
  new Map([
    ...apiPages(supergraph),
    ['docs/living-spec.md', livingSpecPage(supergraph)],
    ['docs/background-workers.md', workersPage()],
    ['docs/guides/templates.md', templatesPage()],
  ]);
