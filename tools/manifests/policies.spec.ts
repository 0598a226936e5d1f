import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { demoAccount } from '../demo/ids.js';
import { sandboxUsersText } from '../demo/users.js';
import { outdatedKafkaFiles } from './kafka.js';
import { parseManifests, workloadsOf, type Manifest } from './manifest.js';
import { autoscaling, disruption, spread } from './policies/availability.js';
import { images } from './policies/images.js';
import { defaultDeny, doorsOf, edges, reviewedEdges } from './policies/network.js';
import { heap, probes, resources, restricted, rollout, shutdown, tmp } from './policies/pods.js';
import { noSecretsInGit } from './policies/secrets.js';
import { findingsOf } from './policy.js';
import { unknownVariables } from './variables.js';

const root = path.resolve(import.meta.dirname, '../..');
const k8s = (pattern: string): Manifest[] =>
  fs
    .globSync(pattern, { cwd: path.join(root, 'k8s') })
    .flatMap((file) => parseManifests(fs.readFileSync(path.join(root, 'k8s', file), 'utf8')));

/** One app as a cluster gets it. `change` spoils its text. */
const app = (change: (text: string) => string = (text) => text): Manifest[] => parseManifests(change(oneApp));

const oneApp = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: notes, namespace: caregraph }
spec:
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0 } }
  template:
    metadata: { labels: { app.kubernetes.io/name: notes, app.kubernetes.io/component: subgraph } }
    spec:
      serviceAccountName: notes
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 45
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: RuntimeDefault } }
      topologySpreadConstraints:
        - topologyKey: topology.kubernetes.io/zone
        - topologyKey: kubernetes.io/hostname
      containers:
        - name: app
          image: caregraph/notes@sha256:${'a'.repeat(64)}
          env:
            - { name: NODE_OPTIONS, value: --max-old-space-size=336 --max-semi-space-size=16 }
            - { name: SEALING_KEYS_FILE, value: /run/secrets/caregraph/SEALING_KEYS }
          resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { memory: 512Mi } }
          startupProbe: { httpGet: { path: /healthz } }
          readinessProbe: { httpGet: { path: /readyz } }
          livenessProbe: { httpGet: { path: /healthz } }
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          securityContext:
            { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes: [{ name: tmp, emptyDir: { sizeLimit: 64Mi } }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: notes }
spec: { maxUnavailable: 1, selector: { matchLabels: { app.kubernetes.io/name: notes } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: notes }
spec:
  scaleTargetRef: { kind: Deployment, name: notes }
  minReplicas: 2
  maxReplicas: 12
  metrics: [{ type: Resource }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: notes }
spec: { podSelector: { matchLabels: { app.kubernetes.io/name: notes } }, policyTypes: [Ingress, Egress] }
`;

const ofOneApp = [
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
  images,
  defaultDeny,
  noSecretsInGit,
];
const findings = (all: readonly Manifest[]): string[] => [
  ...new Set(findingsOf(ofOneApp, all, 'prod').map(({ policy }) => policy)),
];

describe('the policies of manifests', () => {
  it('find nothing in an app that keeps all of them', () => {
    expect(findingsOf(ofOneApp, app(), 'prod')).toEqual([]);
  });

  it.each([
    [
      'probes',
      'livenessProbe: { httpGet: { path: /healthz } }',
      'livenessProbe: { httpGet: { path: /readyz } }',
    ],
    [
      'probes',
      'readinessProbe: { httpGet: { path: /readyz } }',
      'readinessProbe: { httpGet: { path: /healthz } }',
    ],
    ['shutdown', 'terminationGracePeriodSeconds: 45', 'terminationGracePeriodSeconds: 30'],
    ['shutdown', 'lifecycle: { preStop: { sleep: { seconds: 5 } } }', 'lifecycle: {}'],
    ['restricted', 'runAsUser: 10001', 'runAsUser: 0'],
    ['restricted', 'drop: [ALL]', 'drop: [NET_RAW]'],
    ['restricted', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'],
    ['restricted', 'automountServiceAccountToken: false', 'automountServiceAccountToken: true'],
    ['resources', 'limits: { memory: 512Mi }', 'limits: { memory: 512Mi, cpu: 500m }'],
    ['resources', 'requests: { cpu: 100m, memory: 256Mi }', 'requests: {}'],
    ['heap', '--max-old-space-size=336', '--max-old-space-size=512'],
    ['heap', ' --max-semi-space-size=16', ''],
    ['tmp', 'emptyDir: { sizeLimit: 64Mi }', 'emptyDir: {}'],
    ['rollout', 'maxUnavailable: 0', 'maxUnavailable: 25%'],
    ['autoscaling', 'minReplicas: 2', 'minReplicas: 1'],
    ['autoscaling', 'maxReplicas: 12', 'maxReplicas: 13'],
    ['autoscaling', 'spec:\n  strategy', 'spec:\n  replicas: 2\n  strategy'],
    [
      'disruption',
      'selector: { matchLabels: { app.kubernetes.io/name: notes } }',
      'selector: { matchLabels: { a: b } }',
    ],
    ['spread', '- topologyKey: topology.kubernetes.io/zone', ''],
    ['images', `@sha256:${'a'.repeat(64)}`, ':1.2.3'],
    [
      'default-deny',
      'spec: { podSelector: {}, policyTypes: [Ingress, Egress] }',
      'spec: { podSelector: {} }',
    ],
    [
      'default-deny',
      '{ podSelector: { matchLabels: { app.kubernetes.io/name: notes } }',
      '{ podSelector: { matchLabels: { a: b } }',
    ],
    [
      'no-secrets-in-git',
      'SEALING_KEYS_FILE, value: /run/secrets/caregraph/SEALING_KEYS',
      'SEALING_KEYS, value: s1',
    ],
  ])('find, by %s, that "%s" became "%s"', (policy, good, bad) => {
    const spoiled = app((text) => text.replace(good, bad));
    expect(spoiled).not.toEqual(app());
    expect(findings(spoiled)).toEqual([policy]);
  });
});

describe('the doors between pods', () => {
  const policies = (): Manifest[] =>
    k8s('components/{network-policies,sandbox}/*.yaml').filter(({ kind }) => kind === 'NetworkPolicy');

  it('are those that were reviewed, open on both sides', () => {
    const withSandbox = [...policies(), ...k8s('components/sandbox/sandbox.yaml')];
    expect(edges.check(withSandbox, 'dev')).toEqual([]);
  });

  it('lead to a database from its own app and its migration only', () => {
    const { open } = doorsOf(policies());
    const callers = [...open]
      .filter((edge) => edge.endsWith('>booking-db:5432'))
      .map((edge) => edge.split('>')[0]);
    expect(callers.sort()).toEqual(['booking', 'booking-db', 'booking-migrate', 'cnpg-system']);
  });

  it('lead to the world from those who speak to vendors or to the identity provider', () => {
    const { open } = doorsOf(policies());
    const callers = [...open].filter((edge) => edge.includes('>internet:')).map((edge) => edge.split('>')[0]);
    expect(callers.sort()).toEqual(['calendar-sync', 'gateway', 'notifications', 'payments']);
  });

  it('that one side has forgotten to open are told of', () => {
    const oneSided = policies().filter(({ metadata }) => metadata.name !== 'payments');
    const found = edges.check(oneSided, 'prod');
    expect(found).toContain('gateway>payments:8080 is open on one side only');
    expect(found).toContain('gateway>payments:8080 is reviewed, and not open');
    expect(reviewedEdges('network-policies')).toContain('gateway>payments:8080');
  });
});

describe('the manifests', () => {
  it("declare Kafka's topics and users as the catalogue and the consumers say", async () => {
    expect(await outdatedKafkaFiles()).toEqual([]);
    // It loads the consumers of all apps.
  }, 120_000);

  const deployments = workloadsOf(k8s('{base/*/deployment,components/sandbox/sandbox}.yaml'))
    .filter(({ kind }) => kind === 'Deployment')
    .map((workload) => [workload.name, workload] as const);
  const everywhere = k8s('{base/every-*,components/{sandbox,monitoring}/*,overlays/*/settings}.yaml');

  it.each(deployments)('set for %s only variables that its configuration reads', (name, { pod }) => {
    const patches = workloadsOf(everywhere.filter(({ kind }) => kind === 'Deployment')).filter(
      (patch) => patch.name === name || (patch.name === 'every' && name !== 'sandbox'),
    );
    const names = [pod, ...patches.map((patch) => patch.pod)].flatMap(({ containers }) =>
      containers.flatMap(({ env = [] }) => env.map((variable) => variable.name)),
    );
    expect(unknownVariables(name, names)).toEqual([]);
  });

  it('take the operators from a ConfigMap that an installation makes, and may be without', () => {
    const [platform] = workloadsOf(k8s('base/platform/deployment.yaml'));
    const variable = platform?.pod.containers[0]?.env?.find(({ name }) => name === 'PLATFORM_OPERATORS');
    expect(variable?.valueFrom).toEqual({
      configMapKeyRef: { name: 'platform-operators', key: 'accounts', optional: true },
    });
  });

  it('have with the sandbox an operator who can log in, and the others whom he lets in', () => {
    const text = fs.readFileSync(path.join(root, 'k8s/components/sandbox/kustomization.yaml'), 'utf8');
    const { configMapGenerator: maps } = parse(text) as {
      configMapGenerator: { name: string; literals?: string[]; files?: string[] }[];
    };
    const operators = maps.find(({ name }) => name === 'platform-operators');
    expect(operators?.literals).toEqual([`accounts=${demoAccount('support')}`]);
    expect(maps.find(({ name }) => name === 'sandbox-users')?.files).toEqual(['users.json']);
    const users = fs.readFileSync(path.join(root, 'k8s/components/sandbox/users.json'), 'utf8');
    expect(users).toBe(sandboxUsersText);
  });

  it('hold no secret', () => {
    expect(k8s('**/*.yaml').filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});
