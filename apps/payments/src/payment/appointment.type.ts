// What payments adds to booking's Appointment.
import { Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { inOrder, isId, type LoadReferences } from '@caregraph/subgraph';
import { AppointmentAccess, maySee } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { Payment } from './payment.js';
import { PaymentObject } from './payment.type.js';

@Directive('@key(fields: "id")')
@ObjectType('Appointment')
export class AppointmentStub {
  @Field(() => ID)
  id!: string;
}

interface AppointmentWithPayment extends AppointmentStub {
  readonly payment: Payment | null;
}

@Resolver(() => AppointmentStub)
export class AppointmentFields {
  @FieldResolver(() => PaymentObject, {
    nullable: true,
    description: 'Its money; null where nothing is due.',
  })
  payment(@Root() { payment }: AppointmentWithPayment): Payment | null {
    return payment;
  }
}

/** Null for what the viewer may not see, or payments has not heard of. */
export const loadAppointments: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const access = await em.find(AppointmentAccess, { appointmentId: { $in: ids.filter(isId) } });
  const visible = access.filter((row) => maySee(viewer, row)).map(({ appointmentId }) => appointmentId);
  const payments = await em.find(Payment, { appointmentId: { $in: visible } });
  const found = visible.map((id): AppointmentWithPayment => ({
    id,
    payment: payments.find(({ appointmentId }) => appointmentId === id) ?? null,
  }));
  return inOrder(ids, found);
};
