// "When is someone free?" (SC-036)
import { ArrayMaxSize, Max, Min } from 'class-validator';
import { isKilled } from '@caregraph/contracts';
import { flagsSet } from '@caregraph/messaging';
import { Args, ArgsType, Ctx, Directive, Field, ID, Int, Query, Resolver } from 'type-graphql';
import { badInput, idOf } from '@caregraph/subgraph';
import { parseTimeZone } from '@caregraph/time';
import { AppointmentType } from '../appointment-type/appointment-type.js';
import { byId, findInOrder } from '../by-id.js';
import { worksAt } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Practice } from '../practice/practice.js';
import { Provider } from '../provider/provider.js';
import { AvailabilityObject } from './availability.type.js';
import { findSlots } from './find-slots.js';

const mostDays = 62;

@ArgsType()
export class AvailabilityArguments {
  @Field(() => ID, { description: 'What is to be booked.' })
  appointmentTypeId!: string;

  @Field(() => [ID], {
    nullable: true,
    description: 'With whom, at most 100; all who offer it when left out.',
  })
  @ArrayMaxSize(100)
  providerIds?: string[] | null;

  @Field(() => Date, { description: 'Starts at or after it.' })
  from!: Date;

  @Field(() => Date, { description: 'Starts before it; at most 62 days after `from`.' })
  to!: Date;

  @Field(() => String, {
    nullable: true,
    description: "IANA zone in which starts are told; the practice's when left out.",
  })
  timeZone?: string | null;

  @Field(() => Int, {
    defaultValue: 500,
    description: 'How many slots, 1 to 500; those of the last start are all told, so it may be a few more.',
  })
  @Min(1)
  @Max(500)
  first!: number;
}

@Resolver()
export class AvailabilityQueries {
  // Weeks of free times of all providers are computed for it, however few are shown.
  @Directive('@cost(weight: 50)')
  @Query(() => AvailabilityObject, {
    description:
      'Free times of one appointment type, within the notice and advance of each provider. What patients may not book themselves shows only to who works at the practice.',
  })
  availability(
    @Ctx() deps: Deps,
    @Args(() => AvailabilityArguments) question: AvailabilityArguments,
  ): Promise<AvailabilityObject> {
    return deps.searches.measure({ from: question.from, now: deps.now }, () => availability(deps, question));
  }
}

export async function availability(deps: Deps, question: AvailabilityArguments): Promise<AvailabilityObject> {
  const { from, to, first } = question;
  checkWindow(from, to);
  const asked = question.timeZone ? parseTimeZone(question.timeZone) : null;
  if (asked === undefined) throw badInput({ field: 'timeZone', message: 'must be an IANA time zone' });
  const type = await byId(deps, AppointmentType, idOf('appointmentTypeId', question.appointmentTypeId));
  const practice = type && (await byId(deps, Practice, type.practiceId));
  if (!practice) throw badInput({ field: 'appointmentTypeId', message: 'names no appointment type' });
  const providers = await providersOf(deps, type, question.providerIds);

  const timeZone = asked ?? practice.timeZone;
  // Nobody could take one of them, whoever he is: neither book it nor move an appointment to it.
  const bookingsDisabled = isKilled(await flagsSet(deps.em), 'booking.disable_all_bookings');
  if (bookingsDisabled || !mayBook(deps, type, practice))
    return { timeZone, slots: [], nextFrom: null, bookingsDisabled };
  const { slots, nextFrom } = await findSlots(deps, { type, practice, providers, from, to, first });
  const told = slots.map((slot) => ({ ...slot, type, timeZone }));
  return { timeZone, slots: told, nextFrom, bookingsDisabled };
}

const mayBook = ({ viewer }: Deps, type: AppointmentType, practice: Practice): boolean =>
  practice.active && type.active && (type.allowOnlineBooking || worksAt(viewer, practice.id));

function checkWindow(from: Date, to: Date): void {
  // Beyond these no calendar of ours is computed, and nothing is ever booked.
  for (const [field, at] of Object.entries({ from, to })) {
    const year = at.getUTCFullYear();
    if (year < 1971 || year > 2199)
      throw badInput({ field, message: 'must lie between the years 1971 and 2199' });
  }
  if (to <= from) throw badInput({ field: 'to', message: 'must be after from' });
  if (to.getTime() - from.getTime() > mostDays * 86_400_000) {
    throw badInput({ field: 'to', message: `must be at most ${mostDays} days after from` });
  }
}

/** Those asked for, each of whom must offer the type, or all who do; of these, who takes bookings. */
async function providersOf(
  { em }: Deps,
  type: AppointmentType,
  asked: readonly string[] | null | undefined,
): Promise<Provider[]> {
  const ids = [...new Set((asked ?? type.providerIds).map((id) => idOf('providerIds', id)))];
  const unknown = ids.find((id) => !type.providerIds.includes(id));
  if (unknown !== undefined) {
    throw badInput({ field: 'providerIds', message: `${unknown} is no provider of this appointment type` });
  }
  const providers = await findInOrder(em, Provider, ids);
  return providers.filter((provider) => provider !== null).filter(({ active }) => active);
}
