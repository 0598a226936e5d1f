// What every pod must be like: whom it runs as, what it may use, how it is asked after, how it ends.
import { componentOf, mebibytes, specOf, workloadsOf, type Container, type Workload } from '../manifest.js';
import { unless, type Policy } from '../policy.js';

/** How long an app may take to finish what is under way (gracefulShutdown), and what is left to spare, in seconds. */
const closingSeconds = 25;
const spareSeconds = 10;

const isServing = (workload: Workload): boolean => workload.kind === 'Deployment';
const containersOf = ({ pod }: Workload): Container[] => [...pod.containers, ...(pod.initContainers ?? [])];

const perWorkload =
  (wanted: (workload: Workload) => boolean, faults: (workload: Workload) => string[]): Policy['check'] =>
  (all) =>
    workloadsOf(all)
      .filter(wanted)
      .flatMap((workload) => faults(workload).map((says) => `${workload.kind} ${workload.name}: ${says}`));

const everything = (): boolean => true;

export const probes: Policy = {
  name: 'probes',
  check: perWorkload(isServing, (workload) =>
    workload.pod.containers.flatMap(({ startupProbe, readinessProbe, livenessProbe }) => {
      const [startup, ready, live] = [startupProbe, readinessProbe, livenessProbe].map(
        (probe) => probe?.httpGet?.path,
      );
      return unless(
        [startup === '/healthz', 'the startup probe must ask /healthz'],
        [live === '/healthz', 'the liveness probe must ask /healthz, which depends on nothing'],
        [ready !== undefined && ready !== live, 'the readiness probe must ask another path than liveness'],
        [
          ready === '/readyz' || componentOf(workload) === 'sandbox',
          'the readiness probe must ask /readyz, which knows of the database and its migrations',
        ],
      );
    }),
  ),
};

export const shutdown: Policy = {
  name: 'shutdown',
  check: perWorkload(isServing, ({ pod }) =>
    pod.containers.flatMap(({ lifecycle }) => {
      const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
      const grace = pod.terminationGracePeriodSeconds ?? 30;
      return unless(
        [pause >= 5, 'must sleep 5 seconds before it stops, until nobody sends it requests'],
        [
          grace >= pause + closingSeconds + spareSeconds,
          'its grace period is too short for what it has to finish',
        ],
      );
    }),
  ),
};

export const restricted: Policy = {
  name: 'restricted',
  check: perWorkload(everything, (workload) => [
    ...podFaults(workload),
    ...containersOf(workload).flatMap((container) => containerFaults(container)),
  ]),
};

function podFaults({ pod, name }: Workload): string[] {
  const { securityContext: context } = pod;
  const hosts = [pod.hostNetwork, pod.hostPID, pod.hostIPC].some((used) => used === true);
  return unless(
    [context?.runAsNonRoot === true, 'must say runAsNonRoot'],
    [(context?.runAsUser ?? 0) > 0, 'must run as a user of its own, not as root'],
    [context?.seccompProfile?.type === 'RuntimeDefault', 'must have the seccomp profile RuntimeDefault'],
    [!hosts, "must not use the host's network or processes"],
    [
      (pod.volumes ?? []).every(({ hostPath }) => hostPath === undefined),
      'must not mount a path of the host',
    ],
    [pod.automountServiceAccountToken === false, 'must not mount a token of the cluster'],
    [pod.serviceAccountName === name, 'must have a service account of its own name'],
  );
}

function containerFaults({ securityContext: context = {}, volumeMounts = [] }: Container): string[] {
  const { drop = [], add = [] } = context.capabilities ?? {};
  return unless(
    [context.allowPrivilegeEscalation === false, 'must not allow privilege escalation'],
    [context.privileged !== true, 'must not be privileged'],
    [context.runAsUser !== 0, 'a container must not run as root'],
    [drop.includes('ALL') && add.length === 0, 'must drop all capabilities and add none'],
    [context.readOnlyRootFilesystem === true, 'must have a read-only root file system'],
    [volumeMounts.some(({ mountPath }) => mountPath === '/tmp'), 'must have a /tmp to write to'],
  );
}

export const resources: Policy = {
  name: 'resources',
  check: perWorkload(everything, (workload) =>
    containersOf(workload).flatMap(({ resources: { requests, limits } = { requests: {}, limits: {} } }) =>
      unless(
        [requests?.cpu !== undefined, 'must request cpu'],
        [requests?.memory !== undefined, 'must request memory'],
        [limits?.memory !== undefined, 'must have a limit of memory'],
        [limits?.cpu === undefined, 'must have no limit of cpu, which only makes it slow'],
      ),
    ),
  ),
};

/** In mebibytes, as V8 counts it: the old space, and three semi-spaces, of which each may have 64 if nothing is said. */
function heapOf({ command = [], env = [] }: Container): number {
  const told = [...command, env.find(({ name }) => name === 'NODE_OPTIONS')?.value].join(' ');
  const [, old] = /--max-old-space-size=(\d+)/.exec(told) ?? [];
  const [, semi = 64] = /--max-semi-space-size=(\d+)/.exec(told) ?? [];
  return Number(old) + 3 * Number(semi);
}

export const heap: Policy = {
  name: 'heap',
  check: perWorkload(everything, ({ pod }) =>
    pod.containers.flatMap((container) => {
      const share = heapOf(container) / mebibytes(container.resources?.limits?.memory);
      return unless([
        share >= 0.7 && share <= 0.8,
        "Node's heap must be about three quarters of the memory limit",
      ]);
    }),
  ),
};

export const tmp: Policy = {
  name: 'tmp',
  check: perWorkload(everything, ({ pod }) => {
    const mounted = pod.containers.flatMap(({ volumeMounts = [] }) =>
      volumeMounts.filter(({ mountPath }) => mountPath === '/tmp').map(({ name }) => name),
    );
    const volume = pod.volumes?.find(({ name }) => mounted.includes(name));
    return unless([volume?.emptyDir?.sizeLimit !== undefined, '/tmp must be an emptyDir with a limit']);
  }),
};

export const rollout: Policy = {
  name: 'rollout',
  check: perWorkload(isServing, (workload) => {
    const { strategy } = specOf<{
      strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string } };
    }>(workload.manifest);
    if (componentOf(workload) === 'sandbox')
      return unless([strategy?.type === 'Recreate', 'the sandbox must never run twice']);
    return unless([
      strategy?.rollingUpdate?.maxUnavailable === 0,
      'a rollout must take no replica away (maxUnavailable 0)',
    ]);
  }),
};
