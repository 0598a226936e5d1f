// What people get wrong in pods.
import { app, change, pod, remove, set, type Mistake, type Node } from './plant.js';

export const inPods: readonly Mistake[] = [
  {
    says: 'liveness depends on the database',
    foundBy: 'probes',
    plant: set('Deployment', 'booking', `${app}.livenessProbe.httpGet.path`, '/readyz'),
  },
  {
    says: 'no startup probe',
    foundBy: 'probes',
    plant: remove('Deployment', 'payments', `${app}.startupProbe`),
  },
  {
    says: 'stops while requests still come',
    foundBy: 'shutdown',
    plant: remove('Deployment', 'gateway', `${app}.lifecycle`),
  },
  {
    says: 'killed before it has finished',
    foundBy: 'shutdown',
    plant: set('Deployment', 'booking', `${pod}.terminationGracePeriodSeconds`, 20),
  },
  {
    says: 'runs as root',
    foundBy: 'restricted',
    plant: set('Deployment', 'booking', `${pod}.securityContext.runAsUser`, 0),
  },
  {
    says: 'keeps a capability',
    foundBy: 'restricted',
    plant: set('Deployment', 'payments', `${app}.securityContext.capabilities`, {
      drop: ['ALL'],
      add: ['NET_RAW'],
    }),
  },
  {
    says: 'a file system that can be written',
    foundBy: 'restricted',
    plant: set('Job', 'booking-migrate', `${app}.securityContext.readOnlyRootFilesystem`, false),
  },
  {
    says: 'a token of the cluster in the pod',
    foundBy: 'restricted',
    plant: set('Deployment', 'scheduling', `${pod}.automountServiceAccountToken`, true),
  },
  {
    says: "another app's service account",
    foundBy: 'restricted',
    plant: set('Deployment', 'scheduling', `${pod}.serviceAccountName`, 'booking'),
  },
  {
    says: 'a limit of cpu',
    foundBy: 'resources',
    plant: set('Deployment', 'booking', `${app}.resources.limits.cpu`, '1'),
  },
  {
    says: 'no limit of memory',
    foundBy: 'resources',
    plant: remove('Deployment', 'booking', `${app}.resources.limits`),
  },
  {
    says: 'a heap as large as the limit',
    foundBy: 'heap',
    plant: set('Deployment', 'booking', `${app}.resources.limits.memory`, '384Mi'),
  },
  {
    says: 'a /tmp without an end',
    foundBy: 'tmp',
    plant: change('Deployment', 'booking', `${pod}.volumes`, (volumes) =>
      (volumes as Node[]).map((volume) => (volume.name === 'tmp' ? { name: 'tmp', emptyDir: {} } : volume)),
    ),
  },
  {
    says: 'a rollout that takes replicas away',
    foundBy: 'rollout',
    plant: set('Deployment', 'gateway', 'spec.strategy.rollingUpdate.maxUnavailable', 1),
  },
];
