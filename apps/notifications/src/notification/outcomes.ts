// Counts and logs what becomes of messages. Never an address or a text, only ids and codes.
import { Counter, type Registry } from 'prom-client';
import type { Logger } from '@caregraph/runtime';
import type { Tell } from './record.js';

export function tellOutcomes(metrics: Registry, log: Logger): Tell {
  const outcomes = new Counter({
    name: 'caregraph_notifications_total',
    help: 'Notifications that reached a status, by channel, recipient, status and reason.',
    labelNames: ['channel', 'recipient', 'status', 'reason'],
    registers: [metrics],
  });
  return ({ id: notificationId, appointmentId, channel, recipient, status, reason }) => {
    outcomes.inc({ channel, recipient, status, reason: reason ?? '' });
    const bad = status === 'FAILED' || status === 'BOUNCED';
    log[bad ? 'warn' : 'info']({ notificationId, appointmentId, channel, status, reason }, 'a notification');
  };
}
