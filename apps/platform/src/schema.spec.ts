import { readFileSync } from 'node:fs';
import { buildSubgraph } from '@caregraph/subgraph';
import { schemaParts } from './schema.js';

describe("the platform's schema", () => {
  it('is the one that is checked in', async () => {
    const { sdl } = await buildSubgraph(schemaParts);
    expect(sdl).toBe(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
  });
});
