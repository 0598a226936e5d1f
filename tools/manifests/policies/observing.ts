// What is looked at, and what production must not contain.
import fs from 'node:fs';
import path from 'node:path';
import {
  componentOf,
  ofKind,
  specOf,
  workloadsOf,
  type Labels,
  type Manifest,
  type Workload,
} from '../manifest.js';
import { unless, type Policy } from '../policy.js';

const root = path.resolve(import.meta.dirname, '../../..');

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface ServiceMonitor {
  readonly selector: { readonly matchLabels?: Labels; readonly matchExpressions?: readonly Expression[] };
  readonly endpoints: readonly { readonly port?: string; readonly path?: string }[];
}

const matches = (
  { selector: { matchLabels = {}, matchExpressions = [] } }: ServiceMonitor,
  labels: Labels,
): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
  matchExpressions.every(
    ({ key, operator, values = [] }) => operator === 'In' && values.includes(labels[key] ?? ''),
  );

export const monitored: Policy = {
  name: 'monitored',
  check: (all, environment) => {
    if (environment === 'dev') return [];
    const monitors = ofKind(all, 'ServiceMonitor').map((manifest) => specOf<ServiceMonitor>(manifest));
    const services = ofKind(all, 'Service').flatMap(({ metadata }) => {
      const asked = monitors.filter((monitor) => matches(monitor, metadata.labels ?? {}));
      const well = asked.every(({ endpoints }) =>
        endpoints.every(({ port, path: at }) => port === 'http' && at === '/metrics'),
      );
      return unless([
        asked.length === 1 && well,
        `Service ${metadata.name} must be asked for its figures once`,
      ]);
    });
    const untraced = workloadsOf(all).filter(
      ({ kind, pod }) =>
        kind === 'Deployment' &&
        !pod.containers.some(({ env = [] }) =>
          env.some(({ name }) => name === 'OTEL_EXPORTER_OTLP_ENDPOINT'),
        ),
    );
    return [
      ...services,
      ...untraced.map(({ name }) => `Deployment ${name} sends no traces`),
      ...unless(
        [ofKind(all, 'OpenTelemetryCollector').length === 1, 'nothing takes the traces'],
        [ofKind(all, 'PrometheusRule').length > 0, 'nobody is told when something is wrong'],
      ),
    ];
  },
};

export const production: Policy = {
  name: 'production',
  check: (all, environment) =>
    environment === 'dev'
      ? []
      : workloadsOf(all).flatMap((workload) => {
          const variables = workload.pod.containers.flatMap(({ env = [] }) => env);
          const valueOf = (name: string): string | undefined =>
            variables.find((variable) => variable.name === name)?.value;
          const overrides = variables.filter(({ name }) =>
            /^(ALLOW_SANDBOX|SANDBOX_URL)$|_(API_BASE|TOKEN_URL)$/.test(name),
          );
          const title = `${workload.kind} ${workload.name}`;
          return unless(
            [componentOf(workload) !== 'sandbox', `${title}: the sandbox must not stand beside real people`],
            [
              overrides.length === 0,
              `${title}: ${overrides.map(({ name }) => name).join(', ')} is for development`,
            ],
            [
              workload.kind !== 'Deployment' || valueOf('NODE_ENV') === 'production',
              `${title} must run as in production`,
            ],
          );
        }),
};

const composedGraph = (): string =>
  fs.readFileSync(path.join(root, 'apps/gateway/supergraph.graphql'), 'utf8');

/** The ConfigMap that a container finds in the folder of that file. */
function mountedMap(all: readonly Manifest[], { pod }: Workload, file: string): Manifest | undefined {
  const mounts = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const mount = mounts.find(({ mountPath }) => mountPath === path.posix.dirname(file));
  const volume = pod.volumes?.find(({ name }) => name === mount?.name);
  return ofKind(all, 'ConfigMap').find(({ metadata }) => metadata.name === volume?.configMap?.name);
}

export const supergraph: Policy = {
  name: 'supergraph',
  check: (all) =>
    workloadsOf(all)
      .filter((workload) => componentOf(workload) === 'gateway')
      .flatMap((gateway) => {
        const variables = gateway.pod.containers.flatMap(({ env = [] }) => env);
        const file = variables.find(({ name }) => name === 'SUPERGRAPH_FILE')?.value ?? '';
        const map = mountedMap(all, gateway, file);
        const texts = (map?.data ?? {}) as Readonly<Record<string, string>>;
        return unless(
          [
            texts[path.posix.basename(file)] === composedGraph(),
            'the gateway must mount the graph that was composed',
          ],
          [
            /-[a-z0-9]{10}$/.test(map?.metadata.name ?? ''),
            'the name of the graph must change with the graph',
          ],
        );
      }),
};
