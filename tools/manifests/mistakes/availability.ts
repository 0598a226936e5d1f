// What takes replicas away, or lets the wrong ones run.
import { app, change, drop, pod, remove, set, type Mistake } from './plant.js';

export const inAvailability: readonly Mistake[] = [
  {
    says: 'replicas beside an autoscaler',
    foundBy: 'autoscaling',
    plant: set('Deployment', 'booking', 'spec.replicas', 3),
  },
  {
    says: 'one replica',
    foundBy: 'autoscaling',
    plant: set('HorizontalPodAutoscaler', 'payments', 'spec.minReplicas', 1),
  },
  {
    says: 'more replicas than partitions',
    foundBy: 'autoscaling',
    plant: set('HorizontalPodAutoscaler', 'booking', 'spec.maxReplicas', 40),
  },
  { says: 'no disruption budget', foundBy: 'disruption', plant: drop('PodDisruptionBudget', 'gateway') },
  {
    says: 'all replicas in one zone',
    foundBy: 'spread',
    plant: change('Deployment', 'booking', `${pod}.topologySpreadConstraints`, (before) =>
      (before as unknown[]).slice(1),
    ),
  },
  {
    says: 'a namespace that admits anything',
    foundBy: 'namespace',
    plant: remove('Namespace', 'caregraph', 'metadata.labels'),
  },
  {
    says: 'something outside of the namespace',
    foundBy: 'namespace',
    plant: set('Service', 'booking', 'metadata.namespace', 'default'),
  },
  {
    says: 'the latest image',
    foundBy: 'images',
    plant: set('Deployment', 'booking', `${app}.image`, 'caregraph/booking:latest'),
  },
  { says: 'no migration', foundBy: 'migrations', plant: drop('Job', 'payments-migrate') },
  {
    says: 'a migration of another version',
    foundBy: 'migrations',
    plant: set('Job', 'booking-migrate', `${app}.image`, `caregraph/booking@sha256:${'1'.repeat(64)}`),
  },
];
