// The events that the gateway learns from.
import type { Consumer } from '@caregraph/messaging';
import {
  onFeatureFlagChanged,
  onMembershipChanged,
  onPartnerKeyChanged,
  onSessionRevoked,
  type KeepDeps,
} from './known/on-platform-changed.js';

export const consumers: readonly Consumer<KeepDeps>[] = [
  onMembershipChanged,
  onSessionRevoked,
  onPartnerKeyChanged,
  onFeatureFlagChanged,
];
