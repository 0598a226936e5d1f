// Reads one app's configuration from the environment of this process, as the app does when it starts, and ends.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '@caregraph/runtime';
import { z } from 'zod';
import { joinedGraphs } from '../../apps/gateway/src/graph/join-graph.js';

const app = process.argv[2] ?? '';
const file = path.resolve(import.meta.dirname, '../../apps', app, 'src/config.ts');
// Some read it when they are loaded; of the others we do what their main.ts does.
const module = (await import(file)) as Readonly<Record<string, unknown>>;
const { readGatewayConfig, readSandboxConfig } = module as Readonly<
  Record<string, ((...given: unknown[]) => unknown) | undefined>
>;
if (readGatewayConfig) {
  const supergraph = path.resolve(import.meta.dirname, '../../apps/gateway/supergraph.graphql');
  readGatewayConfig(joinedGraphs(readFileSync(supergraph, 'utf8')), process.env);
} else {
  for (const exported of Object.values(module))
    if (exported instanceof z.ZodObject) readConfig(exported, process.env);
  readSandboxConfig?.(process.env);
}
