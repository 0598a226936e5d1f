// Which images run: known ones, of a version that cannot change under us.
import { ofKind, workloadsOf, type Manifest } from '../manifest.js';
import { unless, type Policy } from '../policy.js';

const pinned = /@sha256:[0-9a-f]{64}$/;
const versioned = /:\d+\.\d+\.\d+([-+.][\w.-]+)?$/;

export const images: Policy = {
  name: 'images',
  check: (all, environment) =>
    workloadsOf(all).flatMap(({ kind, name, pod }) =>
      pod.containers.flatMap(({ image = '' }) =>
        environment === 'prod'
          ? unless([pinned.test(image), `${kind} ${name}: in production an image is pinned by its digest`])
          : unless([
              pinned.test(image) || versioned.test(image),
              `${kind} ${name}: ${image || 'no image'} names no exact version`,
            ]),
      ),
    ),
};

const imageOf = (all: readonly Manifest[], name: string): string | undefined =>
  workloadsOf(all).find((workload) => workload.name === name)?.pod.containers[0]?.image;

export const migrations: Policy = {
  name: 'migrations',
  check: (all) =>
    ofKind(all, 'Cluster').flatMap(({ metadata }) => {
      const app = metadata.name.replace(/-db$/, '');
      const job = workloadsOf(all).find(({ kind, name }) => kind === 'Job' && name === `${app}-migrate`);
      if (!job) return [`${app} has a database and no migration`];
      const wave = (manifest: Manifest | undefined): number =>
        Number(manifest?.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
      const serving = ofKind(all, 'Deployment').find((manifest) => manifest.metadata.name === app);
      const [container] = job.pod.containers;
      return unless(
        [container?.image === imageOf(all, app), `Job ${job.name} must run the image that will serve`],
        [container?.command?.join(' ') === 'node migrate.js', `Job ${job.name} must only migrate`],
        [
          wave(job.manifest) < wave(serving),
          `Job ${job.name} must run before Deployment ${app} is rolled out`,
        ],
      );
    }),
};
