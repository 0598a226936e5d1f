// A refund as clients see it.
import { Field, FieldResolver, ID, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { Money } from '@caregraph/subgraph';
import { initiators, refundStatuses, type Refund } from './refund.js';

export const RefundStatusEnum = Object.fromEntries(refundStatuses.map((status) => [status, status]));
registerEnumType(RefundStatusEnum, {
  name: 'RefundStatus',
  description: 'PENDING: on its way. SUCCEEDED: given back. FAILED: the bank refused it, and staff must act.',
});

export const RefundInitiatorEnum = Object.fromEntries(
  initiators.map((initiator) => [initiator.toUpperCase(), initiator]),
);
registerEnumType(RefundInitiatorEnum, {
  name: 'RefundInitiator',
  description: 'On whose account money goes back.',
});

@ObjectType('Refund', { description: 'Money on its way back to the payer.' })
export class RefundObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => RefundStatusEnum, { description: 'How far it is.' })
  status!: string;

  @Field(() => RefundInitiatorEnum, { description: 'On whose account it goes back.' })
  initiatedBy!: string;

  @Field(() => String, { nullable: true, description: "Why the bank refused it, in the processor's word." })
  failureCode!: string | null;

  @Field(() => Date, { description: 'When it was decided.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the processor had settled or refused it.' })
  settledAt!: Date | null;
}

@Resolver(() => RefundObject)
export class RefundFields {
  @FieldResolver(() => Money, { description: 'How much.' })
  amount(@Root() { amountMinor, currency }: Refund): Money {
    return { amountMinor, currency };
  }
}
