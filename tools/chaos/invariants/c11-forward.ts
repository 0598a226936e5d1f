// C11: whoever watched an appointment never saw it go backwards, and saw in the end how it stands.
import { groupedBy } from '../evidence.js';
import { watchedOf, type Watched } from '../history.js';
import type { Invariant } from './invariant.js';

export const forward: Invariant = {
  id: 'C11',
  rule: 'subscribers see versions that never go backwards, and the last one in the end',
  violations: ({ appointments }, history) => {
    const final = new Map(appointments.map(({ id, version }) => [id, version]));
    const watched = watchedOf(history);
    return [
      ...[...groupedBy(watched, ({ subscription }) => String(subscription))].flatMap(([, seen]) =>
        backwards(seen),
      ),
      ...[...groupedBy(watched, ({ login, appointmentId }) => `${login} ${appointmentId}`)].flatMap(
        ([who, seen]) => {
          const last = Math.max(...seen.map(({ version }) => version));
          const wanted = final.get(seen[0]?.appointmentId ?? '');
          return last === wanted ? [] : [`${who} saw v${last} last, it is v${String(wanted)}`];
        },
      ),
    ];
  },
};

const backwards = (seen: readonly Watched[]): string[] =>
  seen.flatMap((one, index) => {
    const before = seen[index - 1];
    return before && one.version < before.version
      ? [
          `subscription ${one.subscription} of ${one.login}: v${one.version} of ${one.appointmentId} after v${before.version}`,
        ]
      : [];
  });
