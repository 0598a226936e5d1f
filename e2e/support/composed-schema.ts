// The composed graph as its clients see it, read from the file that the gateway serves: lists that are made from it
// cannot go stale.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';

const file = path.resolve(import.meta.dirname, '../../apps/gateway/supergraph.graphql');

export const supergraphSdl = (): string => readFileSync(file, 'utf8');

export const composedSchema = (): GraphQLSchema =>
  Supergraph.build(supergraphSdl(), { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
