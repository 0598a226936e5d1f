// All that is checked after a run, in the order in which it is reported.
import { acknowledged } from './c2-acknowledged.js';
import { onePerKey } from './c3-one-per-key.js';
import { nothingLeft } from './c6-nothing-left.js';
import { forward } from './c11-forward.js';
import { noOverlap } from './i1-no-overlap.js';
import { holdsEnd } from './i2-holds-end.js';
import { stateMachine } from './i3-state-machine.js';
import { money } from './i4-money.js';
import { oneRefund } from './i5-one-refund.js';
import { oneNotification } from './i6-one-notification.js';
import { auditComplete } from './i7-audit.js';
import { noLateReminder } from './i8-no-late-reminder.js';
import { calendar } from './i9-calendar.js';
import { isolation } from './i10-isolation.js';
import type { Invariant } from './invariant.js';

export const invariants: readonly Invariant[] = [
  noOverlap,
  holdsEnd,
  stateMachine,
  money,
  oneRefund,
  oneNotification,
  auditComplete,
  noLateReminder,
  calendar,
  isolation,
  acknowledged,
  onePerKey,
  nothingLeft,
  forward,
];
