// What is overlooked, and what belongs to development.
import { add, app, append, change, remove, set, type Mistake, type Node } from './plant.js';

export const inTheRest: readonly Mistake[] = [
  {
    says: 'figures that nobody asks for',
    foundBy: 'monitored',
    plant: remove('Service', 'booking', 'metadata.labels'),
  },
  {
    says: 'the sandbox allowed in production',
    foundBy: 'production',
    plant: append('Deployment', 'payments', `${app}.env`, { name: 'ALLOW_SANDBOX', value: '1' }),
  },
  {
    says: 'development mode in production',
    foundBy: 'production',
    plant: change('Deployment', 'gateway', `${app}.env`, (env) =>
      (env as Node[]).map((variable) =>
        variable.name === 'NODE_ENV' ? { name: 'NODE_ENV', value: 'development' } : variable,
      ),
    ),
  },
  {
    says: 'a graph that was not composed',
    foundBy: 'supergraph',
    plant: (all) =>
      all.map((manifest) =>
        manifest.kind === 'ConfigMap' && manifest.metadata.name.startsWith('supergraph')
          ? { ...manifest, data: { 'supergraph.graphql': 'type Query { old: String }' } }
          : manifest,
      ),
  },
  {
    says: 'a variable that no configuration reads',
    foundBy: 'environment',
    plant: append('Deployment', 'booking', `${app}.env`, { name: 'BOOKING_TIMEOUT_MS', value: '5' }),
  },
  {
    says: 'a variable that is missing',
    foundBy: 'environment',
    plant: change('Deployment', 'notifications', `${app}.env`, (env) =>
      (env as Node[]).filter(({ name }) => name !== 'MAIL_FROM'),
    ),
  },
  {
    says: 'a word that is written wrong',
    foundBy: 'schema',
    plant: set('Deployment', 'booking', `${app}.readynessProbe`, {
      httpGet: { path: '/readyz', port: 'http' },
    }),
  },
  {
    says: 'a field that the operator does not know',
    foundBy: 'schema',
    plant: set('Cluster', 'booking-db', 'spec.synchronousReplicas', 2),
  },
  {
    says: 'a kind that nobody installed',
    foundBy: 'schema',
    plant: add({ apiVersion: 'example.org/v1', kind: 'Wish', metadata: { name: 'wish' } }),
  },
];
