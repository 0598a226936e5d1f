// A patient as clients see him. Contact details show only to who may see the patient at all.
import {
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { inOrder, isId, refusalType, type LoadReferences } from '@caregraph/subgraph';
import { mayRead } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import {
  contactContext,
  PatientNotFound,
  PracticeNotFound,
  TextConsentRequired,
  type Contact,
  type Patient,
} from './patient.js';
import { findPatients } from './patient-access.js';
import { relations } from './patient.entity.js';

export const RelationEnum = Object.fromEntries(relations.map((relation) => [relation, relation]));
registerEnumType(RelationEnum, {
  name: 'PatientRelation',
  description: 'What the person logged in is to the patient.',
});

refusalType(PatientNotFound, 'Returned when there is no such patient, or the caller may not see him.');
refusalType(PracticeNotFound, 'Returned when there is no such practice, or it is closed.');
refusalType(TextConsentRequired, 'Returned when consent to texts about appointments was not given (BK-098).');

@Directive('@key(fields: "id")')
@ObjectType('Patient', { description: 'A patient of one practice.' })
export class PatientObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => ID, { description: 'The practice; a person seen by two practices is two patients.' })
  practiceId!: string;

  @Field(() => String, { description: 'IANA zone in which the patient is told times.' })
  timeZone!: string;

  @Field(() => String, { description: 'BCP 47, for example en-US.' })
  language!: string;

  @Field(() => Date, { description: 'When consent to texts about appointments was given.' })
  textConsentAt!: Date;
}

@Resolver(() => PatientObject)
export class PatientResolver {
  @FieldResolver(() => String, { description: 'Given name.' })
  firstName(@Root() patient: Patient, @Ctx() deps: Deps): string {
    return contactOf(deps, patient).firstName;
  }

  @FieldResolver(() => String, { description: 'Family name.' })
  lastName(@Root() patient: Patient, @Ctx() deps: Deps): string {
    return contactOf(deps, patient).lastName;
  }

  @FieldResolver(() => String, { description: 'Where mails go.' })
  email(@Root() patient: Patient, @Ctx() deps: Deps): string {
    return contactOf(deps, patient).email;
  }

  @FieldResolver(() => String, { description: 'E.164, where texts go.' })
  mobile(@Root() patient: Patient, @Ctx() deps: Deps): string {
    return contactOf(deps, patient).mobile;
  }
}

const contactOf = ({ sealer }: Deps, patient: Patient): Contact =>
  JSON.parse(sealer.open(patient.contact ?? '', contactContext(patient.id))) as Contact;

export const loadPatients: LoadReferences<Deps> = async ({ em, viewer }, ids) =>
  inOrder(ids, mayRead(viewer) ? await findPatients(em, viewer, ids.filter(isId)) : []);
