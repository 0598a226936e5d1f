// A revoked session as clients see it, and the refusals.
import { Field, ID, ObjectType } from 'type-graphql';
import { refusalType } from '@caregraph/subgraph';
import { SessionRevoked, SessionUnknown } from './revoked-session.js';

refusalType(SessionUnknown, "Returned when the caller's token names no session.");
refusalType(SessionRevoked, 'Returned when this one session is revoked already.');

@ObjectType('RevokedSession', {
  description: 'Tokens of a session, or of all sessions of an account, are not accepted any more.',
})
export class RevokedSessionObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: "Whose tokens: the identity provider's `sub`." })
  account!: string;

  @Field(() => String, { nullable: true, description: "A token's `sid`; null: all sessions of the account." })
  sessionId!: string | null;

  @Field(() => Date, { description: 'Tokens issued from then on are not meant.' })
  issuedBefore!: Date;

  @Field(() => Date, { description: 'From then on no such token can be alive.' })
  endsAt!: Date;
}
