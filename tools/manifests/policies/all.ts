// All policies, as the design's table lists them.
import type { Policy } from '../policy.js';
import { autoscaling, disruption, namespace, spread } from './availability.js';
import { databases, kafkaRights, kafkaTopics, ownDatabase } from './data.js';
import { references, routes, tls } from './edge.js';
import { environment } from './environment.js';
import { images, migrations } from './images.js';
import { defaultDeny, edges } from './network.js';
import { monitored, production, supergraph } from './observing.js';
import { heap, probes, resources, restricted, rollout, shutdown, tmp } from './pods.js';
import { leastSecrets, noSecretsInGit, secretFiles, secretOrigins, sharedRings } from './secrets.js';

export const policies: readonly Policy[] = [
  probes,
  shutdown,
  restricted,
  resources,
  heap,
  tmp,
  rollout,
  autoscaling,
  disruption,
  spread,
  namespace,
  images,
  migrations,
  defaultDeny,
  edges,
  noSecretsInGit,
  secretOrigins,
  secretFiles,
  leastSecrets,
  sharedRings,
  databases,
  ownDatabase,
  kafkaTopics,
  kafkaRights,
  routes,
  tls,
  references,
  monitored,
  production,
  supergraph,
  environment,
];
