// I1: nobody and no room is promised twice for one moment, buffers included. The claims are compared, and beside them
// the appointments themselves: a claim of the wrong kind would exclude nothing.
import { occupying } from '../../../apps/booking/src/appointment/lifecycle.js';
import { groupedBy, type Appointment, type Claim, type Evidence } from '../evidence.js';
import type { Invariant } from './invariant.js';

const minute = 60_000;

export const noOverlap: Invariant = {
  id: 'I1',
  rule: 'no two live claims or appointments of one provider or room overlap',
  violations: (evidence) => {
    const live = evidence.appointments.filter(({ status }) => (occupying as string[]).includes(status));
    const claims = evidence.claims.filter(({ kind }) => ['hold', 'appointment', 'group'].includes(kind));
    return [
      ...overlapsAmong('claims', claims),
      ...overlapsAmong('appointments and holds', [...live.flatMap(occupied), ...heldIn(evidence)]),
      ...live.flatMap((one) => unclaimed(one, claims)),
      ...orphans(evidence, claims),
    ];
  },
};

type Occupied = Pick<Claim, 'ownerId' | 'subjectId' | 'from' | 'to'>;

const occupied = (one: Appointment): Occupied[] =>
  [one.providerId, ...one.resourceIds].map((subjectId) => ({
    ownerId: one.id,
    subjectId,
    from: new Date(one.start.getTime() - one.bufferBeforeMinutes * minute),
    to: new Date(one.end.getTime() + one.bufferAfterMinutes * minute),
  }));

/** A hold's row does not tell its buffers; its claim does. */
const heldIn = ({ holds, now }: Evidence): Occupied[] =>
  holds
    .filter(({ status, expiresAt }) => status === 'ACTIVE' && expiresAt > now)
    .flatMap(({ id, providerId, resourceIds, start, end }) =>
      [providerId, ...resourceIds].map((subjectId) => ({ ownerId: id, subjectId, from: start, to: end })),
    );

function overlapsAmong(what: string, list: readonly Occupied[]): string[] {
  const found: string[] = [];
  for (const [subjectId, times] of groupedBy(list, (one) => one.subjectId)) {
    times.sort((one, other) => one.from.getTime() - other.from.getTime());
    let last: Occupied | undefined;
    for (const time of times) {
      if (last && time.from < last.to)
        found.push(`${what} of ${subjectId} overlap: ${span(last)} and ${span(time)}`);
      if (!last || time.to > last.to) last = time;
    }
  }
  return found;
}

const span = ({ ownerId, from, to }: Occupied): string =>
  `${ownerId} [${from.toISOString()}, ${to.toISOString()})`;

function unclaimed(one: Appointment, claims: readonly Claim[]): string[] {
  const own = claims.filter(({ ownerId }) => ownerId === one.id);
  return occupied(one)
    .filter(
      ({ subjectId, from, to }) =>
        !own.some(
          (claim) =>
            claim.subjectId === subjectId &&
            claim.from.getTime() === from.getTime() &&
            claim.to.getTime() === to.getTime(),
        ),
    )
    .map((time) => `appointment ${one.id} (${one.status}) has no claim on ${time.subjectId}: ${span(time)}`);
}

/** A claim that nobody needs keeps a time from everybody. */
function orphans({ appointments, holds }: Evidence, claims: readonly Claim[]): string[] {
  const owners = new Set([
    ...appointments.filter(({ status }) => (occupying as string[]).includes(status)).map(({ id }) => id),
    ...holds.filter(({ status }) => status === 'ACTIVE').map(({ id }) => id),
  ]);
  return claims
    .filter(({ ownerId }) => !owners.has(ownerId))
    .map((claim) => `a ${claim.kind} claim on ${claim.subjectId} has no live owner: ${span(claim)}`);
}
