// The checked-in schemas against each other; `npm run emit` writes them.
import { readFileSync } from 'node:fs';
import { composeSupergraph } from './compose.js';

const apps = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, apps), 'utf8');

describe('the checked-in supergraph', () => {
  it('is what the checked-in subgraphs compose to, without an error and without a hint', () => {
    const names = ['booking', 'scheduling', 'payments', 'notifications', 'calendar-sync', 'platform'];
    const composed = composeSupergraph(names.map((name) => ({ name, sdl: read(`${name}/schema.graphql`) })));
    expect(read('gateway/supergraph.graphql')).toBe(composed);
  });
});
