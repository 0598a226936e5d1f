import { Registry } from 'prom-client';
import { createLogger } from '@caregraph/runtime';
import { Notification } from './notification.js';
import { tellOutcomes } from './outcomes.js';

describe('what becomes of a notification', () => {
  it('is counted and logged, a failure as a warning, without an address (NT-011)', async () => {
    const lines: string[] = [];
    const metrics = new Registry();
    const tell = tellOutcomes(
      metrics,
      createLogger('notifications', 'info', { write: (line) => lines.push(line) }),
    );
    const facts = {
      id: 'n',
      appointmentId: 'a',
      channel: 'EMAIL',
      recipient: 'PATIENT',
      addressHash: 'hash',
    } as const;
    tell(Object.assign(new Notification(), facts, { status: 'FAILED', reason: 'HTTP_400' } as const));
    tell(Object.assign(new Notification(), facts, { status: 'SENT' } as const));

    expect(await metrics.metrics()).toContain(
      'caregraph_notifications_total{channel="EMAIL",recipient="PATIENT",status="FAILED",reason="HTTP_400"} 1',
    );
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'warn', notificationId: 'n', appointmentId: 'a', status: 'FAILED', reason: 'HTTP_400' },
      { level: 'info', notificationId: 'n', status: 'SENT' },
    ]);
    expect(lines.join()).not.toContain('hash');
  });
});
