// `npm run test:manifests`: renders every overlay as a cluster would get it, checks it against the schemas and the
// policies, shows that planted mistakes are found, tests the alert rules, and starts each app from the very steps of
// its image. Closes with the line `N passed, N failed`; what could not be checked counts as failed.
import 'reflect-metadata';
import path from 'node:path';
import { imageChecks } from './image-checks.js';
import { installKustomize, installPromtool, run } from './install.js';
import { outdatedKafkaFiles } from './kafka.js';
import { parseManifests, type Manifest } from './manifest.js';
import { mistakes } from './mistakes/all.js';
import { policies } from './policies/all.js';
import { findingsOf, type Environment } from './policy.js';
import { ruleChecks } from './rule-checks.js';
import { schemaCheck } from './schemas.js';
import { tally } from './tally.js';

const root = path.resolve(import.meta.dirname, '../..');
const environments: readonly Environment[] = ['dev', 'staging', 'prod'];
const { check, close, say } = tally();

function render(kustomize: string, environment: Environment): Manifest[] {
  return parseManifests(run(kustomize, ['build', path.join(root, 'k8s/overlays', environment)]));
}

/** Renders and checks all environments; what could not be rendered is empty. */
async function checkManifests(kustomize: string): Promise<ReadonlyMap<Environment, Manifest[]>> {
  const schema = schemaCheck();
  const rendered = new Map<Environment, Manifest[]>();
  for (const environment of environments) {
    await check(`${environment} renders`, () => {
      rendered.set(environment, render(kustomize, environment));
      return [];
    });
    const all = rendered.get(environment) ?? [];
    await check(`${environment}: ${all.length} manifests are as their schemas say`, () =>
      all.length === 0 ? ['there is nothing to check'] : all.flatMap(schema),
    );
    for (const policy of policies) {
      await check(`${environment} keeps ${policy.name}`, () =>
        findingsOf([policy], all, environment).map(({ says }) => says),
      );
    }
  }
  await checkMistakes(rendered.get('prod') ?? [], schema);
  return rendered;
}

/** In production's manifests: each mistake alone; only the policy that is meant for it is asked. */
async function checkMistakes(
  all: readonly Manifest[],
  schema: (manifest: Manifest) => string[],
): Promise<void> {
  for (const { says, foundBy, plant } of mistakes) {
    await check(`a mistake is found by ${foundBy}: ${says}`, () => {
      const planted = plant(all);
      const policy = policies.find(({ name }) => name === foundBy);
      const found = policy ? policy.check(planted, 'prod') : planted.flatMap(schema);
      return found.length > 0 ? [] : ['it was not found'];
    });
  }
  const unproven = policies.filter(({ name }) => !mistakes.some(({ foundBy }) => foundBy === name));
  await check('every policy has been seen to find a mistake', () =>
    unproven.map(({ name }) => `${name} has found nothing so far`),
  );
}

let rendered: ReadonlyMap<Environment, Manifest[]> = new Map();
await check('manifests can be rendered and checked here', async () => {
  rendered = await checkManifests(installKustomize(say));
  return [];
});
await check("Kafka's topics and users are those of the catalogue", async () =>
  (await outdatedKafkaFiles()).map((file) => `k8s/base/kafka/${file} must be written anew`),
);
await check('alert rules can be tested here', async () => {
  await ruleChecks(installPromtool(say), check, rendered.get('prod') ?? []);
  return [];
});
await check('images can be built and started here', async () => {
  await imageChecks(check, say, rendered.get('dev') ?? []);
  return [];
});
close();
