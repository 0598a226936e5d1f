import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSubgraph } from '@caregraph/subgraph';
import { schemaParts } from './schema.js';

describe('the schema', () => {
  it('is the one that is checked in; `npm run emit` writes it', async () => {
    const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '../schema.graphql');
    const { sdl } = await buildSubgraph(schemaParts);
    expect(sdl).toBe(fs.readFileSync(file, 'utf8'));
  });
});
