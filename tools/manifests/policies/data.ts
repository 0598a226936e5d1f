// PostgreSQL and Kafka: nothing that was answered is lost with one machine, and nobody has more rights than it needs.
import { topics } from '@caregraph/contracts';
import { partitions } from '../kafka.js';
import { componentOf, ofKind, specOf, workloadsOf, type Manifest, type Workload } from '../manifest.js';
import { unless, type Environment, type Policy } from '../policy.js';

interface Cluster {
  readonly instances: number;
  readonly enableSuperuserAccess?: boolean;
  readonly imageCatalogRef?: { readonly major?: number };
  readonly postgresql?: {
    readonly synchronous?: {
      readonly method?: string;
      readonly number?: number;
      readonly dataDurability?: string;
    };
    readonly pg_hba?: readonly string[];
  };
  readonly bootstrap?: { readonly initdb?: { readonly owner?: string } };
  readonly managed?: { readonly roles?: readonly Readonly<Record<string, unknown>>[] };
  readonly plugins?: readonly { readonly isWALArchiver?: boolean }[];
}

/** Which major version the whole project is tested with. */
const postgresMajor = 17;

export const databases: Policy = {
  name: 'databases',
  check: (all, environment) =>
    ofKind(all, 'Cluster').flatMap((manifest) =>
      [
        ...clusterFaults(specOf<Cluster>(manifest)),
        ...(environment === 'dev' ? [] : safetyFaults(manifest, all)),
      ].map((says) => `Cluster ${manifest.metadata.name}: ${says}`),
    ),
};

function clusterFaults(cluster: Cluster): string[] {
  const roles = cluster.managed?.roles ?? [];
  const owner = cluster.bootstrap?.initdb?.owner;
  const powers = ['superuser', 'createdb', 'createrole', 'bypassrls', 'replication'];
  return unless(
    [cluster.enableSuperuserAccess === false, 'the superuser must have no password'],
    [cluster.imageCatalogRef?.major === postgresMajor, `the major version must be ${postgresMajor}`],
    [owner?.endsWith('_owner') === true, 'the tables must belong to a role that only migrates'],
    [roles.some(({ name }) => String(name).endsWith('_app')), 'the app must have a role that owns nothing'],
    [
      roles.every((role) => powers.every((power) => role[power] !== true)),
      "the app's role must have no power over the server",
    ],
    [
      cluster.postgresql?.pg_hba?.includes('hostnossl all all all reject') === true,
      'must refuse connections without TLS',
    ],
  );
}

function safetyFaults({ spec, metadata }: Manifest, all: readonly Manifest[]): string[] {
  const { instances, postgresql, plugins = [] } = spec as Cluster;
  const synchronous = postgresql?.synchronous;
  const backups = ofKind(all, 'ScheduledBackup').filter((manifest) => {
    const { cluster, suspend } = specOf<{ cluster: { name: string }; suspend?: boolean }>(manifest);
    return cluster.name === metadata.name && suspend !== true;
  });
  return unless(
    [instances >= 3, 'must have three instances'],
    [
      synchronous?.method === 'any' &&
        (synchronous.number ?? 0) >= 1 &&
        synchronous.dataDurability === 'required',
      'a commit must be answered by a quorum',
    ],
    [backups.length === 1, 'must be backed up every day'],
    [plugins.some(({ isWALArchiver }) => isWALArchiver === true), 'its log must be archived'],
  );
}

/** Subgraphs, and the gateway with its copies. */
const stores = (workload: Workload): boolean => ['subgraph', 'gateway'].includes(componentOf(workload));

/** Each app has a database of its own. */
export const ownDatabase: Policy = {
  name: 'own-database',
  check: (all) =>
    workloadsOf(all)
      .filter(stores)
      .flatMap(({ name }) => {
        const has = ofKind(all, 'Cluster').some(({ metadata }) => metadata.name === `${name}-db`);
        return unless([has, `${name} has no database of its own`]);
      }),
};

interface KafkaTopic {
  readonly topicName?: string;
  readonly partitions?: number;
  readonly replicas?: number;
  readonly config?: Readonly<Record<string, unknown>>;
}

export const kafkaTopics: Policy = {
  name: 'kafka-topics',
  check: (all, environment) => {
    const declared = new Map(
      ofKind(all, 'KafkaTopic').map((manifest) => [manifest.metadata.name, specOf<KafkaTopic>(manifest)]),
    );
    const wanted = new Map(topics().map((topic) => [topic.name, topic]));
    return [
      ...[...wanted.keys()]
        .filter((name) => !declared.has(name))
        .map((name) => `the topic ${name} is not declared`),
      ...[...declared].flatMap(([name, topic]) => {
        const compacted = wanted.get(name)?.compacted === true;
        return [
          ...unless(
            [wanted.has(name), `the topic ${name} carries no event of the catalogue`],
            [topic.topicName === name, `the topic ${name} has another name in Kafka`],
            [topic.partitions === partitions, `the topic ${name} must have ${partitions} partitions`],
            [
              topic.config?.['cleanup.policy'] === (compacted ? 'compact' : 'delete'),
              `the topic ${name} is kept in the wrong way`,
            ],
          ),
          ...replicaFaults(name, topic, environment),
        ];
      }),
    ];
  },
};

const replicaFaults = (
  name: string,
  { replicas = 1, config }: KafkaTopic,
  environment: Environment,
): string[] =>
  environment === 'dev'
    ? []
    : unless([
        replicas >= 3 && Number(config?.['min.insync.replicas']) >= 2,
        `the topic ${name} must lie on three brokers, two of which have answered`,
      ]);

interface Kafka {
  readonly kafka: {
    readonly listeners?: readonly { readonly tls?: boolean; readonly authentication?: unknown }[];
    readonly authorization?: { readonly type?: string };
    readonly config?: Readonly<Record<string, unknown>>;
  };
}

interface KafkaUser {
  readonly authorization?: {
    readonly acls?: readonly {
      readonly resource: { readonly type: string; readonly name?: string; readonly patternType?: string };
      readonly operations: readonly string[];
    }[];
  };
}

export const kafkaRights: Policy = {
  name: 'kafka-rights',
  check: (all) => [
    ...ofKind(all, 'Kafka').flatMap((manifest) => {
      const { listeners = [], authorization, config = {} } = specOf<Kafka>(manifest).kafka;
      return unless(
        [
          listeners.every(({ tls, authentication }) => tls === true && Boolean(authentication)),
          'Kafka must listen with TLS, to those it knows',
        ],
        [authorization?.type === 'simple', 'Kafka must keep its lists of rights'],
        [config['auto.create.topics.enable'] === false, 'Kafka must make no topic that nobody declared'],
      );
    }),
    ...ofKind(all, 'KafkaUser').flatMap((manifest) => userFaults(manifest)),
    ...workloadsOf(all)
      .filter(stores)
      .flatMap(({ name }) =>
        unless([
          ofKind(all, 'KafkaUser').some(({ metadata }) => metadata.name === name),
          `${name} is no user of Kafka`,
        ]),
      ),
  ],
};

function userFaults(manifest: Manifest): string[] {
  const user = manifest.metadata.name;
  return (specOf<KafkaUser>(manifest).authorization?.acls ?? []).flatMap(({ resource, operations }) => {
    const writes = operations.includes('Write');
    const allowed = ['Describe', 'Read', 'Write'];
    const says = `${user} on ${resource.type} ${resource.name ?? '*'}`;
    return unless(
      [resource.patternType === 'literal' && resource.name !== '*', `${says}: names no exact resource`],
      [
        operations.every((operation) => allowed.includes(operation)),
        `${says}: ${operations.join(', ')} is too much`,
      ],
      [
        !writes || resource.name?.startsWith(`${user}.`) === true,
        `${says}: writes what is another app's to say`,
      ],
      [
        resource.type !== 'group' || resource.name === user || resource.name?.startsWith(`${user}.`) === true,
        `${says}: reads in another app's name`,
      ],
    );
  });
}
