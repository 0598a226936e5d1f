// A person becomes a patient of a practice: by himself, for somebody in his care, or at the desk.
import { IsEmail, IsOptional, Length, Matches } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { hasRole } from '@caregraph/runtime';
import {
  badInput,
  forbidden,
  idempotent,
  idOf,
  newId,
  resultUnion,
  unauthenticated,
  type OutcomeOf,
} from '@caregraph/subgraph';
import { isTimeZone } from '@caregraph/time';
import { KnownPractice } from '../catalogue/known.js';
import { countsIn, partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { mobileOf } from './mobile.js';
import { contactContext, Patient, PracticeNotFound, TextConsentRequired } from './patient.js';
import { PatientAccount, type Relation } from './patient.entity.js';
import { PatientObject, RelationEnum } from './patient.type.js';

@InputType({ description: 'Who becomes a patient of which practice.' })
export class RegisterPatientInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'The practice.' })
  practiceId!: string;

  @Field(() => String, { description: 'Given name, 1 to 100 characters.' })
  @Length(1, 100)
  @Matches(/^[^\r\n<>]*\S[^\r\n<>]*$/, { message: 'must be a name' })
  firstName!: string;

  @Field(() => String, { description: 'Family name, 1 to 100 characters.' })
  @Length(1, 100)
  @Matches(/^[^\r\n<>]*\S[^\r\n<>]*$/, { message: 'must be a name' })
  lastName!: string;

  @Field(() => String, { description: 'Where mails go.' })
  @IsEmail({}, { message: 'must be an email address' })
  @Length(3, 254)
  email!: string;

  @Field(() => String, { description: 'A mobile number, E.164 or national of `country`.' })
  @Length(5, 32)
  mobile!: string;

  @Field(() => String, { defaultValue: 'US', description: 'ISO 3166-1 country of a national number.' })
  @Matches(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 alpha-2 code' })
  country!: string;

  @Field(() => String, { nullable: true, description: "IANA zone; the practice's when left out." })
  timeZone?: string | null;

  @Field(() => String, { defaultValue: 'en-US', description: 'BCP 47, at most 35 characters.' })
  @Length(2, 35)
  @Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { message: 'must be a BCP 47 language tag' })
  language!: string;

  @Field(() => Boolean, { description: 'Consent to texts about appointments; required (BK-098).' })
  textConsent!: boolean;

  @Field(() => RelationEnum, {
    defaultValue: 'SELF',
    description: 'What the person logged in is to the patient.',
  })
  relation!: Relation;

  @Field(() => String, {
    nullable: true,
    description:
      "Staff only: the patient's own login, when known. A patient is always tied to the login that registers.",
  })
  @IsOptional()
  @Length(1, 255)
  account?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const RegisterPatientResult = resultUnion<Patient>()('RegisterPatientResult', PatientObject, [
  PracticeNotFound,
  TextConsentRequired,
]);

@Resolver()
export class RegisterPatientResolver {
  @Directive(partnersWrite)
  @Mutation(() => RegisterPatientResult.type, {
    description:
      'Registers a patient. Patients register themselves and those in their care; staff register anybody.',
  })
  registerPatient(
    @Ctx() deps: Deps,
    @Arg('input', () => RegisterPatientInput) input: RegisterPatientInput,
  ): Promise<OutcomeOf<typeof RegisterPatientResult>> {
    return idempotent(deps, 'registerPatient', input, registerPatient);
  }
}

export async function registerPatient(
  { em, viewer, now, sealer }: Deps,
  input: RegisterPatientInput,
): Promise<Patient | PracticeNotFound | TextConsentRequired> {
  if (!viewer.account) throw unauthenticated();
  const { account } = viewer;
  const practiceId = idOf('practiceId', input.practiceId);
  if (!countsIn(viewer, practiceId)) throw forbidden('This key counts in another practice.');
  const mobile = mobileOf(input.mobile, input.country);
  if (typeof input.timeZone === 'string' && !isTimeZone(input.timeZone))
    throw badInput({ field: 'timeZone', message: 'must be an IANA time zone' });

  return em.transactional(async (em) => {
    const practice = await em.findOne(KnownPractice, { id: practiceId, active: true });
    if (!practice) return new PracticeNotFound();
    if (!input.textConsent) return new TextConsentRequired();

    const patient = new Patient();
    patient.id = await newId(em, Patient, input.id);
    const { firstName, lastName, email } = input;
    const contact = {
      firstName: firstName.trim(),
      lastName: lastName.trim(),
      email: email.toLowerCase(),
      mobile,
    };
    patient.practiceId = practiceId;
    patient.contact = sealer.seal(JSON.stringify(contact), contactContext(patient.id));
    patient.timeZone = input.timeZone ?? practice.timeZone;
    patient.language = input.language;
    patient.textConsentAt = patient.createdAt = patient.updatedAt = now;
    // Written first: the account refers to it, and the unit of work knows of no relation between the two.
    await em.persist(patient).flush();

    const atDesk = hasRole(viewer, practiceId, 'staff', 'admin', 'support', 'system');
    const sub = atDesk ? input.account : account;
    if (sub)
      em.persist(
        em.create(PatientAccount, {
          sub,
          patientId: patient.id,
          practiceId,
          relation: input.relation,
          createdAt: now,
        }),
      );
    publish(em, patient.changed(sub ? [sub] : []), now);
    return patient;
  });
}
