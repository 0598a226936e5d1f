// A partner's key as clients see it, and its refusals.
import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { connectionOf, refusalType } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { PartnerKeyNotFound, PartnerKeyRevoked, TooManyPartnerKeys, type PartnerKey } from './partner-key.js';

refusalType(PartnerKeyNotFound, 'Returned when there is no such key, or the caller may not see it.');
refusalType(PartnerKeyRevoked, 'Returned when the key is revoked already.');
refusalType(TooManyPartnerKeys, 'Returned when the practice has 20 keys that count.');

@ObjectType('PartnerKey', { description: 'A key with which a program of a partner asks this API.' })
export class PartnerKeyObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => ID, { description: 'The practice in which it counts.' })
  practiceId!: string;

  @Field(() => String, { description: "The partner's name." })
  name!: string;

  @Field(() => [String], { description: 'What the partner may do with it, at most 20.' })
  scopes!: string[];

  @Field(() => String, { description: "The key's last four characters, to tell it from others." })
  hint!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Until when it counts; null: until it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null while it is not.' })
  revokedAt!: Date | null;
}

/** The texts of keys that were made in this request; nobody else ever has them. */
const texts = new WeakMap<PartnerKey, string>();
export const tellOnce = (key: PartnerKey, text: string): void => void texts.set(key, text);

@Resolver(() => PartnerKeyObject)
export class PartnerKeyFields {
  @FieldResolver(() => Boolean, { description: 'Whether it counts: neither revoked nor past its time.' })
  active(@Root() key: PartnerKey, @Ctx() { realNow }: Deps): boolean {
    return key.counts(realNow);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The key itself, to be sent as `authorization: Bearer <key>`. Told once, in the answer that made it; null ever after.',
  })
  key(@Root() key: PartnerKey): string | null {
    return texts.get(key) ?? null;
  }
}

export const PartnerKeyConnection = connectionOf(PartnerKeyObject, 'PartnerKey');
