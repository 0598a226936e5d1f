// The variables of each app, against the app's own configuration: nothing undefined is set, nothing required missing.
import { ofKind, workloadsOf } from '../manifest.js';
import type { Policy } from '../policy.js';
import { configurationFault, unknownVariables } from '../variables.js';

export const environment: Policy = {
  name: 'environment',
  check: (all) =>
    workloadsOf(ofKind(all, 'Deployment')).flatMap(({ name: app, pod }) => {
      const variables = pod.containers.flatMap(({ env = [] }) => env);
      const unknown = unknownVariables(
        app,
        variables.map(({ name }) => name),
      );
      const fault = configurationFault(
        app,
        Object.fromEntries(variables.map(({ name, value = '' }) => [name, value])),
      );
      return [
        ...unknown.map((name) => `Deployment ${app}: nothing reads ${name}`),
        ...(fault === null ? [] : [`Deployment ${app}: ${fault}`]),
      ];
    }),
};
