// Secrets in the wrong place.
import { add, app, append, change, drop, pod, set, type Mistake } from './plant.js';

export const inSecrets: readonly Mistake[] = [
  {
    says: 'a secret in git',
    foundBy: 'no-secrets-in-git',
    plant: add({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'payments-stripe' },
      stringData: { STRIPE_SECRET_KEY: 'x' },
    }),
  },
  {
    says: 'a key in the environment',
    foundBy: 'no-secrets-in-git',
    plant: append('Deployment', 'payments', `${app}.env`, { name: 'STRIPE_SECRET_KEY', value: 'x' }),
  },
  {
    says: 'a secret that nothing makes',
    foundBy: 'secret-origins',
    plant: drop('ExternalSecret', 'booking-keys'),
  },
  {
    says: 'a ring that was forgotten in the store',
    foundBy: 'secret-files',
    plant: change('ExternalSecret', 'booking-keys', 'spec.data', (before) => (before as unknown[]).slice(1)),
  },
  {
    says: "the owner's password in an app that serves",
    foundBy: 'least-secrets',
    plant: append('Deployment', 'booking', `${pod}.volumes`, {
      name: 'owner',
      secret: { secretName: 'booking-database-owner' },
    }),
  },
  {
    says: "another app's secrets",
    foundBy: 'least-secrets',
    plant: append('Deployment', 'booking', `${pod}.volumes`, {
      name: 'stripe',
      secret: { secretName: 'payments-stripe' },
    }),
  },
  {
    says: 'one ring of viewer keys for two apps',
    foundBy: 'shared-rings',
    plant: set('ExternalSecret', 'booking-keys', 'spec.data.1.remoteRef.property', 'viewer-payments'),
  },
];
