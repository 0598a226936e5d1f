// How data gets lost, or into the wrong hands.
import { drop, remove, set, type Mistake } from './plant.js';

export const inData: readonly Mistake[] = [
  {
    says: 'a commit that one machine knows of',
    foundBy: 'databases',
    plant: remove('Cluster', 'booking-db', 'spec.postgresql.synchronous'),
  },
  {
    says: 'a superuser with a password',
    foundBy: 'databases',
    plant: set('Cluster', 'booking-db', 'spec.enableSuperuserAccess', true),
  },
  {
    says: 'a database without a backup',
    foundBy: 'databases',
    plant: drop('ScheduledBackup', 'payments-db'),
  },
  {
    says: 'a major version that moves by itself',
    foundBy: 'databases',
    plant: set('Cluster', 'booking-db', 'spec.imageCatalogRef.major', 18),
  },
  {
    says: 'an app whose role bypasses row security',
    foundBy: 'databases',
    plant: set('Cluster', 'booking-db', 'spec.managed.roles.0.bypassrls', true),
  },
  {
    says: 'an app without a database of its own',
    foundBy: 'own-database',
    plant: drop('Cluster', 'payments-db'),
  },
  {
    says: 'a topic that nobody declared',
    foundBy: 'kafka-topics',
    plant: drop('KafkaTopic', 'booking.appointment'),
  },
  {
    says: 'a topic on one broker',
    foundBy: 'kafka-topics',
    plant: set('KafkaTopic', 'booking.appointment', 'spec.replicas', 1),
  },
  {
    says: 'state that is thrown away after a week',
    foundBy: 'kafka-topics',
    plant: set('KafkaTopic', 'booking.patient', 'spec.config', {
      'cleanup.policy': 'delete',
      'min.insync.replicas': 2,
    }),
  },
  {
    says: 'an app that may write everything',
    foundBy: 'kafka-rights',
    plant: set('KafkaUser', 'notifications', 'spec.authorization.acls.0.resource.name', '*'),
  },
  {
    says: 'Kafka that anybody may use',
    foundBy: 'kafka-rights',
    plant: remove('Kafka', 'events', 'spec.kafka.listeners.0.authentication'),
  },
];
