// Live updates: first the present state, then each change, read again and shown only to who may still see it.
import { Arg, Ctx, Directive, Field, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { badInput, idOf } from '@caregraph/subgraph';
import { partnersRead } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import type { Appointment } from './appointment.js';
import { Appointment as AppointmentEntity } from './appointment.js';
import { AppointmentObject } from './appointment.type.js';
import { findVisible, visibleTo } from './visibility.js';
import { changedAppointments } from './watch-appointments.js';

@ObjectType('AppointmentChange', { description: 'An appointment as it is now, and why you are told.' })
class AppointmentChangeObject {
  @Field(() => String, {
    description: 'SNAPSHOT: the state when you subscribed. CHANGED: something of it changed.',
  })
  reason!: string;

  @Field(() => Int, { description: "The appointment's version; drop what is older than what you have." })
  version!: number;

  @Field(() => AppointmentObject, { description: 'Whole, with fields of all subgraphs.' })
  appointment!: Appointment;
}

interface Wanted {
  readonly appointmentId?: string | null;
  readonly providerId?: string | null;
  readonly practiceId?: string | null;
}

/** How many upcoming appointments a provider's or a practice's subscriber first gets. */
const mostSnapshots = 50;

@Resolver()
export class AppointmentChangedSubscription {
  @Directive(partnersRead)
  @Subscription(() => AppointmentChangeObject, {
    description:
      'Changes of one appointment, or of all of a provider’s or a practice’s that you may see: name exactly one. First comes the present state: of the one, or of up to 50 that are still ahead.',
    subscribe: ({ args, context }) => changes(context as Deps, args as Wanted),
  })
  appointmentChanged(
    @Root() change: AppointmentChangeObject,
    @Ctx() _deps: Deps,
    @Arg('appointmentId', () => ID, { nullable: true }) _appointmentId?: string,
    @Arg('providerId', () => ID, { nullable: true }) _providerId?: string,
    @Arg('practiceId', () => ID, { nullable: true }) _practiceId?: string,
  ): AppointmentChangeObject {
    return change;
  }
}

async function* changes(deps: Deps, wanted: Wanted): AsyncGenerator<AppointmentChangeObject> {
  const topic = topicOf(wanted);
  // Listening begins before the snapshot is read, so that nothing falls between the two.
  const changed = changedAppointments.subscribe(topic.key);
  // A generator that waits does not hear that its client has left.
  deps.left?.addEventListener('abort', () => changed.end(), { once: true });
  try {
    yield* presentState(deps, topic);
    for await (const id of changed) {
      const appointment = await findVisible(deps.em.fork(), deps.viewer, id);
      if (appointment) yield { reason: 'CHANGED', version: appointment.version, appointment };
    }
  } finally {
    changed.end();
  }
}

/** On its own, since a generator that waits keeps all that it has had in hand: fifty appointments for each subscriber. */
async function* presentState(deps: Deps, topic: Topic): AsyncGenerator<AppointmentChangeObject> {
  for (const appointment of await snapshot(deps, topic))
    yield { reason: 'SNAPSHOT', version: appointment.version, appointment };
}

interface Topic {
  readonly field: 'id' | 'providerId' | 'practiceId';
  readonly id: string;
  readonly key: string;
}

function topicOf({ appointmentId, providerId, practiceId }: Wanted): Topic {
  const named = [
    appointmentId ? ({ field: 'id', id: idOf('appointmentId', appointmentId) } as const) : null,
    providerId ? ({ field: 'providerId', id: idOf('providerId', providerId) } as const) : null,
    practiceId ? ({ field: 'practiceId', id: idOf('practiceId', practiceId) } as const) : null,
  ].filter((topic) => topic !== null);
  const [topic] = named;
  if (!topic || named.length > 1) {
    throw badInput({
      field: 'appointmentId',
      message: 'name exactly one of appointmentId, providerId and practiceId',
    });
  }
  return { ...topic, key: `${topic.field}:${topic.id}` };
}

async function snapshot({ em, viewer, now }: Deps, { field, id }: Topic): Promise<Appointment[]> {
  const visible = visibleTo(viewer);
  const ahead = field === 'id' ? {} : { start: { $gte: now } };
  const found = visible
    ? await em.fork().find(
        AppointmentEntity,
        { $and: [visible, { [field]: id }, ahead] },
        {
          limit: mostSnapshots,
          orderBy: { start: 'asc' },
        },
      )
    : [];
  if (field === 'id' && found.length === 0)
    throw badInput({ field: 'appointmentId', message: 'no such appointment' });
  return found;
}
