// Prints one subgraph's SDL: `tsx tools/print-schema.ts booking`.
import 'reflect-metadata';
import { buildSubgraph, type SubgraphSchema } from '@caregraph/subgraph';

const app = process.argv[2] ?? '';
const { schemaParts } = (await import(`../apps/${app}/src/schema.js`)) as {
  schemaParts: SubgraphSchema<never>;
};
const { sdl } = await buildSubgraph(schemaParts);
process.stdout.write(sdl);
