// Mistakes that people make in manifests, planted one by one into what was rendered: each must be found by the policy
// that is there for it. A check that finds nothing proves nothing until it has been seen to find something.
import { inAvailability } from './availability.js';
import { inData } from './data.js';
import { inNetwork } from './network.js';
import { inPods } from './pods.js';
import { inTheRest } from './rest.js';
import { inSecrets } from './secrets.js';
import type { Mistake } from './plant.js';

export const mistakes: readonly Mistake[] = [
  ...inPods,
  ...inAvailability,
  ...inNetwork,
  ...inSecrets,
  ...inData,
  ...inTheRest,
];
