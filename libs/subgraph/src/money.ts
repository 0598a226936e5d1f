// Value types that are the same in each subgraph.
import { Directive, Field, Int, ObjectType } from 'type-graphql';

@Directive('@shareable')
@ObjectType({ description: 'An amount of money.' })
export class Money {
  @Field(() => Int, { description: 'In the smallest unit of the currency: cents for USD.' })
  amountMinor!: number;

  @Field(() => String, { description: 'ISO 4217, for example USD.' })
  currency!: string;
}

@Directive('@shareable')
@ObjectType({ description: 'Where a page of a connection begins and ends (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Pass it as `after` to go on.' })
  endCursor!: string | null;
}
