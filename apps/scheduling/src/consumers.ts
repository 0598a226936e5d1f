// What scheduling does about the events of others.
import { onFeatureFlagChanged, type Consumer } from '@caregraph/messaging';
import { onClaimsChanged } from './availability/busy-time.js';
import { onConnectionChanged } from './availability/known-calendar.js';
import type { Deps } from './deps.js';

export const consumers: readonly Consumer<Deps>[] = [
  onClaimsChanged,
  onConnectionChanged,
  onFeatureFlagChanged,
];
