// Counts and logs what becomes of messages. Never an address or a text, only ids and codes.
import { Counter, type Registry } from 'prom-client';
import type { Logger } from '@caregraph/runtime';
import { channels } from './messages.policy.js';
import type { NotificationStatus } from './lifecycle.js';
import type { Tell } from './record.js';

/** What a status means to whoever counts: a bounce is a failure that was told late. */
const outcomeOf: Readonly<Record<NotificationStatus, string | undefined>> = {
  QUEUED: undefined,
  SENT: 'accepted',
  DELIVERED: 'delivered',
  FAILED: 'failed',
  BOUNCED: 'failed',
  SKIPPED: 'skipped',
};

export function tellOutcomes(metrics: Registry, log: Logger): Tell {
  const outcomes = new Counter({
    name: 'caregraph_notifications_total',
    help: 'Notifications that reached a status, by channel, recipient, status and reason.',
    labelNames: ['channel', 'recipient', 'status', 'reason'],
    registers: [metrics],
  });
  const settled = new Counter({
    name: 'caregraph_notifications_settled_total',
    help: 'Notifications that were accepted by the vendor, delivered, failed (or bounced) or skipped, by channel.',
    labelNames: ['channel', 'outcome'],
    registers: [metrics],
  });
  // All series exist from the start: Prometheus does not see the first failure of one that begins with it.
  for (const channel of channels)
    for (const outcome of Object.values(outcomeOf)) if (outcome) settled.inc({ channel, outcome }, 0);
  return ({ id: notificationId, appointmentId, channel, recipient, status, reason }) => {
    outcomes.inc({ channel, recipient, status, reason: reason ?? '' });
    const outcome = outcomeOf[status];
    if (outcome) settled.inc({ channel, outcome });
    const bad = status === 'FAILED' || status === 'BOUNCED';
    log[bad ? 'warn' : 'info']({ notificationId, appointmentId, channel, status, reason }, 'a notification');
  };
}
