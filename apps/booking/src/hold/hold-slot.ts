// Keeps an offered time for five minutes. People not logged in may hold, too; they need the token to book.
import { randomUUID } from 'node:crypto';
import { Length } from 'class-validator';
import { Arg, Ctx, Directive, Field, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { enqueue } from '@caregraph/jobs';
import { flagsSet } from '@caregraph/messaging';
import { forbidden, idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { BookingsDisabled, RequestModeDisabled } from '../appointment/appointment.refusals.js';
import { admittedMode } from '../appointment/mode.policy.js';
import { takeTime } from '../claim/claims.js';
import { countsIn, partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { buffersOf, offeredSlot, OfferRejected, type OfferedSlot } from '../offer/read-offer.js';
import { expireHold } from './hold.jobs.js';
import { holdMinutes, SlotHold, SlotTaken, TooManyHolds } from './hold.js';
import { hashOf, holdToken } from './hold-token.js';
import { SlotHoldObject } from './hold.type.js';

@InputType({ description: 'Which offered time to keep.' })
export class HoldSlotInput {
  @Field(() => String, { description: 'The `offer` of a slot, as `availability` gave it.' })
  @Length(1, 250)
  offer!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const HoldSlotResult = resultUnion<SlotHold>()('HoldSlotResult', SlotHoldObject, [
  OfferRejected,
  SlotTaken,
  TooManyHolds,
  BookingsDisabled,
  RequestModeDisabled,
]);
type Outcome = OutcomeOf<typeof HoldSlotResult>;

@Resolver()
export class HoldSlotResolver {
  @Directive(partnersWrite)
  @Mutation(() => HoldSlotResult.type, {
    description: 'Keeps an offered time for five minutes (BK-045, BK-049).',
  })
  holdSlot(@Ctx() deps: Deps, @Arg('input', () => HoldSlotInput) input: HoldSlotInput): Promise<Outcome> {
    return idempotent(deps, 'holdSlot', input, holdSlot);
  }
}

export function holdSlot(deps: Deps, input: HoldSlotInput): Promise<Outcome> {
  return deps.em.transactional(async (em) => {
    const { now } = deps;
    const slot = await offeredSlot(em, input.offer, deps);
    if (slot instanceof OfferRejected) return slot;
    if (!countsIn(deps.viewer, slot.offer.practiceId))
      throw forbidden('This key counts in another practice.');
    const mode = admittedMode(await flagsSet(em), slot.provider.id, slot.offer.expectedMode);
    if (mode instanceof Refusal) return mode;
    if (await holdsTooMany({ ...deps, em })) return new TooManyHolds();

    const hold = placed(slot, deps);
    const owner = {
      id: hold.id,
      kind: 'HOLD',
      practiceId: hold.practiceId,
      version: 1,
      expiresAt: hold.expiresAt,
    } as const;
    const { before, after } = buffersOf(slot.type, slot.provider);
    const time = {
      subjectIds: [hold.providerId, ...hold.resourceIds],
      start: new Date(hold.start.getTime() - before * 60_000),
      end: new Date(hold.end.getTime() + after * 60_000),
    };
    if (!(await takeTime(em, owner, time, now))) return new SlotTaken();
    em.persist(hold);
    await enqueue(em, expireHold, { holdId: hold.id }, { runAt: hold.expiresAt, key: hold.id });
    return hold;
  });
}

function placed({ offer, end }: OfferedSlot, { viewer, now, offerKeys }: Deps): SlotHold {
  const hold = new SlotHold();
  hold.id = randomUUID();
  hold.practiceId = offer.practiceId;
  hold.providerId = offer.providerId;
  hold.appointmentTypeId = offer.appointmentTypeId;
  hold.locationId = offer.locationId;
  hold.resourceIds = [...offer.resourceIds];
  hold.start = offer.start;
  hold.end = end;
  hold.offeredMode = offer.expectedMode;
  hold.account = viewer.account;
  hold.sessionId = viewer.sid;
  hold.tokenHash = hashOf(holdToken(hold.id, offerKeys));
  hold.createdAt = now;
  hold.expiresAt = new Date(now.getTime() + holdMinutes * 60_000);
  return hold;
}

/** Per login, else per session: 3 live, 10 within 10 minutes (BK-150). */
async function holdsTooMany({ em, viewer, now }: Deps): Promise<boolean> {
  // One holder's holds are counted one after the other, else twenty at once would each count none.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 728))', [
    viewer.account ?? viewer.sid ?? '',
  ]);
  const holder = viewer.account ? { account: viewer.account } : { account: null, sessionId: viewer.sid };
  const live = await em.count(SlotHold, { ...holder, status: 'ACTIVE', expiresAt: { $gt: now } });
  const recent = await em.count(SlotHold, {
    ...holder,
    createdAt: { $gt: new Date(now.getTime() - 600_000) },
  });
  return live >= 3 || recent >= 10;
}
