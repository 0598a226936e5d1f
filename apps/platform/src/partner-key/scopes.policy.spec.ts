import { readFileSync } from 'node:fs';
import { partnerScopes, unknownScopes } from './scopes.policy.js';

describe("a partner's scopes", () => {
  it('are those that the graph asks for, and no other', () => {
    const graph = readFileSync(new URL('../../../gateway/supergraph.graphql', import.meta.url), 'utf8');
    const asked = [
      ...graph.matchAll(/partner-scope:([\w:-]+)/g),
      ...[...graph.matchAll(/@requiresScopes\(scopes: (\[\[.*?\]\])\)/g)].flatMap(([, lists]) => [
        ...(lists ?? '').matchAll(/"([^"]+)"/g),
      ]),
    ].map(([, scope]) => scope);
    expect(Object.keys(partnerScopes).sort()).toEqual([...new Set(asked)].sort());
  });

  it('are told apart from words that nobody knows', () => {
    expect(unknownScopes(['appointments:read', 'everything', 'toString'])).toEqual([
      'everything',
      'toString',
    ]);
  });
});
