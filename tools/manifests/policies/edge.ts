// The way in, and that everything that is named exists.
import { ofKind, selects, specOf, workloadsOf, type Labels, type Manifest } from '../manifest.js';
import { unless, type Policy } from '../policy.js';

interface HttpRoute {
  readonly hostnames?: readonly string[];
  readonly rules?: readonly {
    readonly matches?: readonly {
      readonly method?: string;
      readonly path?: { readonly type?: string; readonly value?: string };
    }[];
    readonly timeouts?: { readonly request?: string };
    readonly backendRefs?: readonly { readonly name: string; readonly port?: number }[];
  }[];
}

type RouteRule = NonNullable<HttpRoute['rules']>[number];

const isEndless = (rule: RouteRule): boolean => rule.timeouts?.request === '0s';

const pathsOf = ({ matches = [] }: RouteRule): string[] => matches.map(({ path }) => path?.value ?? '/');

export const routes: Policy = {
  name: 'routes',
  check: (all) => {
    const found = ofKind(all, 'HTTPRoute').map((manifest) => ({
      manifest,
      spec: specOf<HttpRoute>(manifest),
    }));
    const hostsOf = (prefix: string): string[] =>
      found.flatMap(({ spec }) =>
        (spec.rules ?? []).flatMap((rule) =>
          pathsOf(rule).some((path) => path.startsWith(prefix)) ? (spec.hostnames ?? []) : [],
        ),
      );
    const shared = hostsOf('/graphql').filter((host) => hostsOf('/webhooks/').includes(host));
    return [
      ...found.flatMap(({ manifest, spec }) =>
        (spec.rules ?? []).flatMap((rule) =>
          ruleFaults(rule).map((says) => `HTTPRoute ${manifest.metadata.name}: ${says}`),
        ),
      ),
      ...unless(
        [hostsOf('/graphql').length > 0, 'nothing leads to the graph'],
        [shared.length === 0, 'vendors and clients must come by different addresses'],
      ),
    ];
  },
};

function ruleFaults(rule: RouteRule): string[] {
  const paths = pathsOf(rule);
  const named = paths.join(', ') || 'a rule';
  const exact = (rule.matches ?? []).every(({ path }) => path?.type === 'Exact');
  return [
    ...unless([
      exact && paths.length > 0,
      `${named} must name exact paths: probes and figures are not for the world`,
    ]),
    ...(paths.includes('/graphql') ? graphFaults(rule) : webhookFaults(rule, named)),
  ];
}

const graphFaults = (rule: RouteRule): string[] =>
  unless(
    [isEndless(rule), '/graphql must not end subscriptions after a while (request 0s)'],
    [
      (rule.backendRefs ?? []).every(({ name }) => name === 'gateway'),
      '/graphql must lead to the gateway alone',
    ],
  );

const webhookFaults = (rule: RouteRule, named: string): string[] =>
  unless(
    [rule.timeouts?.request !== undefined && !isEndless(rule), `${named} must have a limit of time`],
    [
      pathsOf(rule).every((path) => path.startsWith('/webhooks/')),
      `${named} is neither the graph nor a webhook`,
    ],
  );

export const tls: Policy = {
  name: 'tls',
  check: (all) =>
    ofKind(all, 'Gateway').flatMap((manifest) =>
      (
        specOf<{ listeners?: readonly { name: string; protocol: string; tls?: unknown }[] }>(manifest)
          .listeners ?? []
      ).flatMap(({ name, protocol, tls: certificate }) =>
        unless([
          protocol === 'HTTPS' && certificate !== undefined,
          `Gateway ${manifest.metadata.name}: ${name} must speak TLS`,
        ]),
      ),
    ),
};

interface ServiceSpec {
  readonly selector?: Labels;
  readonly ports?: readonly { readonly port: number; readonly targetPort?: string | number }[];
}

export const references: Policy = {
  name: 'references',
  check: (all) => [
    ...ofKind(all, 'Service').flatMap((manifest) => serviceFaults(manifest, all)),
    ...ofKind(all, 'HTTPRoute').flatMap((manifest) =>
      (specOf<HttpRoute>(manifest).rules ?? []).flatMap(({ backendRefs = [] }) =>
        backendRefs.flatMap(({ name, port }) => {
          const service = ofKind(all, 'Service').find(({ metadata }) => metadata.name === name);
          const has = service && specOf<ServiceSpec>(service).ports?.some((open) => open.port === port);
          return unless([
            has === true,
            `HTTPRoute ${manifest.metadata.name} leads to ${name}:${port ?? ''}, which is not there`,
          ]);
        }),
      ),
    ),
    ...workloadsOf(all).flatMap(({ kind, name, pod }) => {
      const exists = (wanted: string, of: string | undefined): boolean =>
        of === undefined || ofKind(all, wanted).some(({ metadata }) => metadata.name === of);
      return [
        ...(pod.volumes ?? []).flatMap(({ configMap, persistentVolumeClaim }) =>
          unless(
            [
              configMap?.optional === true || exists('ConfigMap', configMap?.name),
              `${kind} ${name} mounts ${configMap?.name ?? ''}, which is not there`,
            ],
            [
              exists('PersistentVolumeClaim', persistentVolumeClaim?.claimName),
              `${kind} ${name} mounts a claim that is not there`,
            ],
          ),
        ),
        ...configuredFrom(pod, all).map((says) => `${kind} ${name} ${says}`),
        ...unless([
          exists('ServiceAccount', pod.serviceAccountName),
          `${kind} ${name}: its service account is not there`,
        ]),
        ...mountFaults(`${kind} ${name}`, pod),
      ];
    }),
  ],
};

type Pod = ReturnType<typeof workloadsOf>[number]['pod'];

/** Variables that are taken from where nothing is. */
const configuredFrom = ({ containers }: Pod, all: readonly Manifest[]): string[] =>
  containers.flatMap(({ env = [] }) =>
    env.flatMap(({ name, valueFrom }) => {
      const from = valueFrom?.configMapKeyRef;
      if (from === undefined || from.optional === true) return [];
      const map = ofKind(all, 'ConfigMap').find(({ metadata }) => metadata.name === from.name);
      const has = from.key in ((map?.data ?? {}) as Readonly<Record<string, string>>);
      return unless([has, `takes ${name} from ${from.name}, which has no ${from.key}`]);
    }),
  );

function mountFaults(title: string, { containers, volumes = [] }: Pod): string[] {
  const known = new Set(volumes.map(({ name }) => name));
  return containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.flatMap(({ name }) =>
      unless([known.has(name), `${title} mounts ${name}, which is no volume of it`]),
    ),
  );
}

function serviceFaults(manifest: Manifest, all: readonly Manifest[]): string[] {
  const { selector = {}, ports = [] } = specOf<ServiceSpec>(manifest);
  const behind = workloadsOf(all).filter(({ labels }) => selects(selector, labels));
  const [only] = behind;
  const open = (only?.pod.containers ?? []).flatMap(({ ports: ofContainer = [] }) =>
    ofContainer.flatMap(({ name, containerPort }) => [name, containerPort]),
  );
  return unless(
    [
      behind.length === 1,
      `Service ${manifest.metadata.name} must lead to one workload, not to ${behind.length}`,
    ],
    [
      ports.every(({ targetPort }) => open.includes(targetPort)),
      `Service ${manifest.metadata.name} leads to a port that is not open`,
    ],
  );
}
