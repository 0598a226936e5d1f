// C3: the same idempotency key gives the same outcome, whenever it is asked again.
import { groupedBy } from '../evidence.js';
import { triesOf } from '../history.js';
import type { Invariant } from './invariant.js';

export const onePerKey: Invariant = {
  id: 'C3',
  rule: 'one outcome per idempotency key, and the same each time',
  violations: (_evidence, history) => {
    const keyed = triesOf(history).filter(({ key }) => key !== null);
    return [...groupedBy(keyed, ({ act, key }) => `${act} ${String(key)}`)].flatMap(([what, tries]) => {
      const accepted = tries.filter(({ outcome }) => outcome === 'accepted');
      const ids = new Set(accepted.map(({ id }) => id));
      if (ids.size > 1) return [`${what} gave ${[...ids].join(' and ')}`];
      const heardAt = Math.min(...accepted.map((one) => one.heardAt));
      // A no that was on its way before the yes may be older than it: what refuses is not remembered.
      const later = tries.find(
        ({ outcome, sentAt }) => (outcome === 'refused' || outcome === 'wrong') && sentAt >= heardAt,
      );
      return later ? [`${what} gave ${String(accepted[0]?.id)}, and then ${String(later.code)}`] : [];
    });
  },
};
