// A patient's name or address was wrong, or has changed. Messages that leave from now on go to the new one.
import { LockMode } from '@mikro-orm/postgresql';
import { IsEmail, IsOptional, Length, Matches } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { publish } from '@caregraph/messaging';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { partnersWrite } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import { mobileOf } from './mobile.js';
import { accountsOf, findPatient } from './patient-access.js';
import { contactContext, PatientNotFound, type Contact, type Patient } from './patient.js';
import { PatientObject } from './patient.type.js';

@InputType({ description: "What to change of a patient's contact; what is left out stays." })
export class UpdatePatientContactInput {
  @Field(() => ID, { description: 'The patient.' })
  patientId!: string;

  @Field(() => String, { nullable: true, description: 'Given name, 1 to 100 characters.' })
  @IsOptional()
  @Length(1, 100)
  @Matches(/^[^\r\n<>]*\S[^\r\n<>]*$/, { message: 'must be a name' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, 1 to 100 characters.' })
  @IsOptional()
  @Length(1, 100)
  @Matches(/^[^\r\n<>]*\S[^\r\n<>]*$/, { message: 'must be a name' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'Where mails go.' })
  @IsOptional()
  @IsEmail({}, { message: 'must be an email address' })
  @Length(3, 254)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'A mobile number, E.164 or national of `country`.' })
  @IsOptional()
  @Length(5, 32)
  mobile?: string | null;

  @Field(() => String, { defaultValue: 'US', description: 'ISO 3166-1 country of a national number.' })
  @Matches(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 alpha-2 code' })
  country!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const UpdatePatientContactResult = resultUnion<Patient>()('UpdatePatientContactResult', PatientObject, [
  PatientNotFound,
]);

@Resolver()
export class UpdatePatientContactResolver {
  @Directive(partnersWrite)
  @Mutation(() => UpdatePatientContactResult.type, {
    description:
      'Corrects the name or contact of a patient, as somebody who acts for the patient or as the practice. Messages that leave from now on go there.',
  })
  updatePatientContact(
    @Ctx() deps: Deps,
    @Arg('input', () => UpdatePatientContactInput) input: UpdatePatientContactInput,
  ): Promise<OutcomeOf<typeof UpdatePatientContactResult>> {
    return idempotent(deps, 'updatePatientContact', input, updatePatientContact);
  }
}

export function updatePatientContact(
  { em, viewer, now, sealer }: Deps,
  input: UpdatePatientContactInput,
): Promise<Patient | PatientNotFound> {
  const patientId = idOf('patientId', input.patientId);
  const mobile = input.mobile ? mobileOf(input.mobile, input.country) : undefined;
  return em.transactional(async (em) => {
    const patient = await findPatient(em, viewer, patientId, LockMode.PESSIMISTIC_WRITE);
    if (!patient?.contact) return new PatientNotFound();

    const known = JSON.parse(sealer.open(patient.contact, contactContext(patientId))) as Contact;
    const contact: Contact = {
      firstName: input.firstName?.trim() ?? known.firstName,
      lastName: input.lastName?.trim() ?? known.lastName,
      email: input.email?.toLowerCase() ?? known.email,
      mobile: mobile ?? known.mobile,
    };
    const sealed = sealer.seal(JSON.stringify(contact), contactContext(patientId));
    publish(em, patient.changeContact(sealed, await accountsOf(em, patientId), now), now);
    return patient;
  });
}
