// Enough replicas, in different places, at all times.
import {
  componentOf,
  ofKind,
  selects,
  specOf,
  workloadsOf,
  type Labels,
  type Manifest,
  type Workload,
} from '../manifest.js';
import { unless, type Environment, type Policy } from '../policy.js';
import { partitions } from '../kafka.js';

interface Autoscaler {
  readonly scaleTargetRef: { readonly kind: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  readonly metrics?: readonly unknown[];
}

/** Those that serve our callers; the sandbox stands for somebody else. */
const ours = (all: readonly Manifest[]): Workload[] =>
  workloadsOf(all).filter(
    (workload) => workload.kind === 'Deployment' && componentOf(workload) !== 'sandbox',
  );

const leastReplicas = (environment: Environment): number => (environment === 'dev' ? 1 : 2);

export const autoscaling: Policy = {
  name: 'autoscaling',
  check: (all, environment) => [
    ...ours(all).flatMap((workload) => autoscalerFaults(workload, all, environment)),
    ...ofKind(all, 'HorizontalPodAutoscaler').flatMap((manifest) => {
      const { scaleTargetRef: target } = specOf<Autoscaler>(manifest);
      const exists = ofKind(all, target.kind).some(({ metadata }) => metadata.name === target.name);
      return unless([exists, `HorizontalPodAutoscaler ${manifest.metadata.name} scales nothing that exists`]);
    }),
  ],
};

function autoscalerFaults(workload: Workload, all: readonly Manifest[], environment: Environment): string[] {
  const scaler = ofKind(all, 'HorizontalPodAutoscaler')
    .map((manifest) => ({ manifest, spec: specOf<Autoscaler>(manifest) }))
    .find(({ spec }) => spec.scaleTargetRef.name === workload.name);
  const title = `Deployment ${workload.name}`;
  if (!scaler) return [`${title} has no autoscaler`];
  const { minReplicas = 1, maxReplicas, metrics = [] } = scaler.spec;
  const bound = componentOf(workload) === 'subgraph' ? partitions : Infinity;
  return unless(
    [
      specOf<{ replicas?: number }>(workload.manifest).replicas === undefined,
      `${title} says replicas, and so does its autoscaler`,
    ],
    [scaler.manifest.apiVersion === 'autoscaling/v2', `${title}: its autoscaler must be of autoscaling/v2`],
    [
      minReplicas >= leastReplicas(environment),
      `${title} must have at least ${leastReplicas(environment)} replicas`,
    ],
    [maxReplicas <= bound, `${title}: more replicas than partitions (${partitions}) have nothing to do`],
    [metrics.length > 0, `${title}: its autoscaler looks at nothing`],
  );
}

export const disruption: Policy = {
  name: 'disruption',
  check: (all) =>
    ours(all).flatMap(({ name, labels }) => {
      const budgets = ofKind(all, 'PodDisruptionBudget').filter((manifest) =>
        selects(specOf<{ selector: { matchLabels: Labels } }>(manifest).selector.matchLabels, labels),
      );
      return unless([budgets.length === 1, `Deployment ${name} must have one disruption budget`]);
    }),
};

export const spread: Policy = {
  name: 'spread',
  check: (all) =>
    ours(all).flatMap(({ name, pod }) => {
      const keys = (pod.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey);
      return unless(
        [keys.includes('topology.kubernetes.io/zone'), `Deployment ${name} must be spread over zones`],
        [keys.includes('kubernetes.io/hostname'), `Deployment ${name} must be spread over machines`],
      );
    }),
};

export const namespace: Policy = {
  name: 'namespace',
  check: (all) => {
    const [own, ...others] = ofKind(all, 'Namespace');
    if (!own || others.length > 0) return ['there must be one namespace'];
    const label = own.metadata.labels?.['pod-security.kubernetes.io/enforce'];
    const outside = all.filter(
      (manifest) => manifest !== own && manifest.metadata.namespace !== own.metadata.name,
    );
    return [
      ...unless([
        label === 'restricted',
        `Namespace ${own.metadata.name} must enforce the restricted standard`,
      ]),
      ...outside.map(
        ({ kind, metadata }) => `${kind} ${metadata.name} is not in the namespace ${own.metadata.name}`,
      ),
    ];
  },
};
