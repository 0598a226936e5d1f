import { appointmentStatuses } from '@caregraph/contracts';
import { keepsPatient } from './erasure.policy.js';

describe('an appointment needs its patient', () => {
  const end = new Date('2026-12-01T10:00:00Z');
  const kept = (now: string) =>
    appointmentStatuses.filter((status) => keepsPatient({ status, end }, new Date(now)));

  it('while it is on, or may still be paid, and no longer once it is over', () => {
    const over = [
      'COMPLETED',
      'CANCELLED_PATIENT',
      'CANCELLED_PROVIDER',
      'CANCELLED_ADMIN',
      'EXPIRED',
      'NO_SHOW',
    ];
    expect(kept('2026-12-01T09:59:59Z')).toEqual(
      appointmentStatuses.filter((status) => !over.includes(status)),
    );
  });

  it('until its end, if it was confirmed', () => {
    expect(kept('2026-12-01T10:00:00Z')).not.toContain('CONFIRMED');
  });
});
