// Reads that go straight to the database.
import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { idOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import type { Payment } from './payment.js';
import { loadPayments, PaymentObject } from './payment.type.js';

@ObjectType('PaymentConfig', { description: 'What clients need to ask for a card.' })
export class PaymentConfigObject {
  @Field(() => String, { description: "Given to the processor's own form: cards go there and never to us." })
  publishableKey!: string;
}

@Resolver()
export class PaymentQueries {
  @Query(() => PaymentObject, {
    nullable: true,
    description: 'One payment; null when the caller may not see it.',
  })
  async payment(@Ctx() deps: Deps, @Arg('id', () => ID) id: string): Promise<Payment | null> {
    const [payment] = await loadPayments(deps, [idOf('id', id)]);
    return (payment ?? null) as Payment | null;
  }

  @Query(() => PaymentConfigObject, { description: 'How cards are asked for.' })
  paymentConfig(@Ctx() { publishableKey }: Deps): PaymentConfigObject {
    return { publishableKey };
  }
}
