// Reading appointments: straight from the database, only what the viewer may see.
import { IsOptional } from 'class-validator';
import { Arg, Args, ArgsType, Ctx, Directive, Field, ID, Query, Resolver } from 'type-graphql';
import type { FilterQuery } from '@mikro-orm/postgresql';
import type { AppointmentStatus } from '@caregraph/contracts';
import {
  connection,
  connectionOf,
  cursorOf,
  idOf,
  PageArguments,
  type Connection,
  pageSize,
} from '@caregraph/subgraph';
import { partnersRead } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { Appointment } from './appointment.js';
import { AppointmentObject, AppointmentStatusEnum } from './appointment.type.js';
import { findVisible, visibleTo } from './visibility.js';

const AppointmentConnection = connectionOf(AppointmentObject, 'Appointment');

@ArgsType()
class AppointmentsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Only of this practice.' })
  @IsOptional()
  practiceId?: string;

  @Field(() => ID, { nullable: true, description: 'Only with this provider.' })
  @IsOptional()
  providerId?: string;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  patientId?: string;

  @Field(() => [AppointmentStatusEnum], { nullable: true, description: 'Only in one of these statuses.' })
  @IsOptional()
  statuses?: AppointmentStatus[];
}

@Resolver()
export class AppointmentQueries {
  // A partner's contract says what it may read; people read in their own right.
  @Directive(partnersRead)
  @Query(() => AppointmentObject, {
    nullable: true,
    description: 'One appointment; null when there is none that you may see.',
  })
  appointment(@Ctx() { em, viewer }: Deps, @Arg('id', () => ID) id: string): Promise<Appointment | null> {
    return findVisible(em, viewer, idOf('id', id));
  }

  @Directive(partnersRead)
  @Directive(pageSize)
  @Query(() => AppointmentConnection, {
    description:
      'The appointments that you may see, by start, the earliest first: a patient’s own, a provider’s, a practice’s (BK-088).',
  })
  async appointments(
    @Ctx() { em, viewer }: Deps,
    @Args(() => AppointmentsArguments) wanted: AppointmentsArguments,
  ): Promise<Connection<Appointment>> {
    const visible = visibleTo(viewer);
    const after = cursorOf(wanted.after);
    const narrowed = narrowing(wanted);
    if (!visible) return connection<Appointment>([], wanted.first, cursorAt);
    const behind = after
      ? { $or: [{ start: { $gt: after.at } }, { start: after.at, id: { $gt: after.id } }] }
      : {};
    const rows = await em.find(
      Appointment,
      { $and: [visible, narrowed, behind] },
      {
        orderBy: { start: 'asc', id: 'asc' },
        limit: wanted.first + 1,
      },
    );
    return connection(rows, wanted.first, cursorAt);
  }
}

function narrowing({
  practiceId,
  providerId,
  patientId,
  statuses,
}: AppointmentsArguments): FilterQuery<Appointment> {
  return {
    ...(practiceId ? { practiceId: idOf('practiceId', practiceId) } : {}),
    ...(providerId ? { providerId: idOf('providerId', providerId) } : {}),
    ...(patientId ? { patientId: idOf('patientId', patientId) } : {}),
    ...(statuses ? { status: { $in: statuses } } : {}),
  };
}

const cursorAt = ({ start, id }: Appointment): { at: Date; id: string } => ({ at: start, id });
