// How much of what was paid goes back when an appointment is called off (Y-02, Y-03, Y-22).

/** Copied onto the appointment when it is booked: later changes of the settings do not touch it. */
export interface CancellationPolicy {
  /** NOTICE: set on purpose by type or provider; TIERS: the platform's, where neither set any. */
  readonly kind: 'NOTICE' | 'TIERS';
  /** NOTICE only: all goes back up to so many hours before the start. */
  readonly noticeHours: number;
  /** NOTICE only: kept of a later cancellation, 0 to 100. */
  readonly feePercent: number;
}

const hour = 3_600_000;
const all = 10_000;

/** The type's own policy wins, then the provider's, if set on purpose; else the platform's tiers. */
export function policyFor(
  type: { readonly noticeHours: number; readonly feePercent: number } | null,
  provider: { readonly cancellationNoticeHours: number | null; readonly cancellationFeePercent: number },
): CancellationPolicy {
  if (type) return { kind: 'NOTICE', noticeHours: type.noticeHours, feePercent: type.feePercent };
  if (provider.cancellationNoticeHours !== null) {
    return {
      kind: 'NOTICE',
      noticeHours: provider.cancellationNoticeHours,
      feePercent: provider.cancellationFeePercent,
    };
  }
  return { kind: 'TIERS', noticeHours: 24, feePercent: 0 };
}

/**
 * The share that goes back, in basis points of what was captured. Hours are elapsed hours and both boundaries are
 * inclusive: exactly 24 hours before is a full refund. A practice that calls off always gives all back.
 */
export function refundBasisPoints(
  policy: CancellationPolicy,
  when: { readonly start: Date; readonly now: Date; readonly byPatient: boolean },
): number {
  if (!when.byPatient) return all;
  const noticeMs = when.start.getTime() - when.now.getTime();
  if (policy.kind === 'NOTICE')
    return noticeMs >= policy.noticeHours * hour ? all : all - policy.feePercent * 100;
  if (noticeMs >= 24 * hour) return all;
  return noticeMs >= 12 * hour ? all / 2 : 0;
}
