// Where secrets come from, and who may see which.
import { componentOf, ofKind, specOf, workloadsOf, type Manifest, type Workload } from '../manifest.js';
import { unless, type Policy } from '../policy.js';

interface ExternalSecret {
  readonly target: {
    readonly name: string;
    readonly template?: { readonly data?: Readonly<Record<string, string>> };
  };
  readonly data?: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly property?: string };
  }[];
}

/** Variables whose value is a secret. */
const secretName = /(_KEYS|_KEY|_SECRET|PASSWORD|DATABASE_URL|EVENT_LOG_URL|VIEWER_KEYS_\w+)$(?<!_FILE)/;
/** Keys that are public by their nature. */
const publicName = /PUBLISHABLE|PUBLIC_KEY/;

/** The keys that each secret has, by its name: from the store, from the operators of PostgreSQL and of Kafka. */
function secretsOf(all: readonly Manifest[]): Map<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  for (const manifest of ofKind(all, 'ExternalSecret')) {
    const { target, data = [] } = specOf<ExternalSecret>(manifest);
    known.set(
      target.name,
      target.template?.data ? Object.keys(target.template.data) : data.map(({ secretKey }) => secretKey),
    );
  }
  for (const { metadata } of ofKind(all, 'Cluster')) known.set(`${metadata.name}-ca`, ['ca.crt']);
  for (const { metadata } of ofKind(all, 'KafkaUser'))
    known.set(metadata.name, ['password', 'sasl.jaas.config']);
  for (const { metadata } of ofKind(all, 'Kafka'))
    known.set(`${metadata.name}-cluster-ca-cert`, ['ca.crt', 'ca.p12', 'ca.password']);
  return known;
}

interface Use {
  readonly secret: string;
  /** All of them when undefined. */
  readonly keys: readonly string[] | undefined;
}

const usesOf = ({ pod }: Workload): Use[] =>
  (pod.volumes ?? []).flatMap(({ secret, projected }) => [
    ...(secret ? [{ secret: secret.secretName, keys: secret.items?.map(({ key }) => key) }] : []),
    ...(projected?.sources ?? []).flatMap(({ secret: source }) =>
      source ? [{ secret: source.name, keys: source.items?.map(({ key }) => key) }] : [],
    ),
  ]);

export const noSecretsInGit: Policy = {
  name: 'no-secrets-in-git',
  check: (all) => [
    ...ofKind(all, 'Secret').map(
      ({ metadata }) => `Secret ${metadata.name} must come from the store, not from git`,
    ),
    ...workloadsOf(all).flatMap(({ kind, name, pod }) =>
      pod.containers.flatMap(({ env = [], envFrom = [] }) => [
        ...env
          .filter((variable) => secretName.test(variable.name) && !publicName.test(variable.name))
          .map(
            (variable) =>
              `${kind} ${name}: ${variable.name} must be a file, so that it can change while it runs`,
          ),
        ...(envFrom.length > 0 ? [`${kind} ${name}: says not which variables it takes`] : []),
      ]),
    ),
  ],
};

export const secretOrigins: Policy = {
  name: 'secret-origins',
  check: (all) => {
    const known = secretsOf(all);
    return workloadsOf(all).flatMap((workload) =>
      usesOf(workload).flatMap(({ secret, keys = [] }) => {
        const has = known.get(secret);
        const missing = keys.filter((key) => !has?.includes(key));
        return unless(
          [has !== undefined, `${workload.kind} ${workload.name}: nothing makes the secret ${secret}`],
          [
            missing.length === 0,
            `${workload.kind} ${workload.name}: the secret ${secret} has no ${missing.join(', ')}`,
          ],
        );
      }),
    );
  },
};

export const leastSecrets: Policy = {
  name: 'least-secrets',
  check: (all) =>
    workloadsOf(all).flatMap((workload) => {
      const app = workload.name.replace(/-migrate$/, '');
      const used = usesOf(workload).map(({ secret }) => secret);
      const migrates = componentOf(workload) === 'migration';
      const foreign = used.filter(
        (secret) => secret !== app && !secret.startsWith(`${app}-`) && secret !== 'events-cluster-ca-cert',
      );
      const owners = used.filter((secret) => secret.endsWith('-owner'));
      const beyond = migrates ? used.filter((secret) => !/-(owner|ca)$/.test(secret)) : owners;
      return unless(
        [
          foreign.length === 0,
          `${workload.kind} ${workload.name} sees secrets of others: ${foreign.join(', ')}`,
        ],
        [
          beyond.length === 0,
          `${workload.kind} ${workload.name} sees more than it needs: ${beyond.join(', ')}`,
        ],
      );
    }),
};

/** A file variable points into a folder that one of the mounted secrets fills. */
export const secretFiles: Policy = {
  name: 'secret-files',
  check: (all) => {
    const known = secretsOf(all);
    return workloadsOf(all).flatMap((workload) => {
      const provided = usesOf(workload).flatMap(({ secret, keys }) => keys ?? known.get(secret) ?? []);
      return workload.pod.containers.flatMap(({ env = [] }) =>
        env
          .filter(({ name, value = '' }) => name.endsWith('_FILE') && value.startsWith('/run/'))
          .filter(({ value = '' }) => !provided.includes(value.split('/').at(-1) ?? ''))
          .map(({ name }) => `${workload.kind} ${workload.name}: no secret brings the file of ${name}`),
      );
    });
  },
};

/** Rings that two apps share must come from one entry of the store. */
export const sharedRings: Policy = {
  name: 'shared-rings',
  check: (all) => {
    const origin = new Map<string, string>();
    for (const manifest of ofKind(all, 'ExternalSecret')) {
      const { target, data = [] } = specOf<ExternalSecret>(manifest);
      for (const { secretKey, remoteRef } of data)
        origin.set(`${target.name}/${secretKey}`, `${remoteRef.key}#${remoteRef.property ?? ''}`);
    }
    const rings = (key: string): Set<string> =>
      new Set([...origin].flatMap(([name, from]) => (name.endsWith(`/${key}`) ? [from] : [])));
    const subgraphs = workloadsOf(all).filter((workload) => componentOf(workload) === 'subgraph');
    return [
      ...['SEALING_KEYS', 'OFFER_KEYS'].flatMap((key) =>
        unless([rings(key).size <= 1, `${key} must be the same in all apps that have it`]),
      ),
      ...subgraphs.flatMap(({ name }) => {
        const theirs = origin.get(`gateway-keys/VIEWER_KEYS_${name.toUpperCase().replaceAll('-', '_')}`);
        const mine = origin.get(`${name}-keys/VIEWER_KEYS`);
        return unless([
          mine !== undefined && mine === theirs,
          `${name} and the gateway must have the same ring of viewer keys`,
        ]);
      }),
      ...unless([
        new Set(subgraphs.map(({ name }) => origin.get(`${name}-keys/VIEWER_KEYS`))).size ===
          subgraphs.length,
        'each subgraph must have a ring of viewer keys of its own',
      ]),
    ];
  },
};
