// How patients, and who acts for them, lie in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Patient } from './patient.js';

const instant = () => p.datetime().columnType('timestamptz');

export const PatientSchema = defineEntity({
  class: Patient,
  tableName: 'patient',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    contact: p.text().nullable(),
    timeZone: p.string(),
    language: p.string(),
    textConsentAt: instant(),
    createdAt: instant(),
    updatedAt: instant(),
    erasedAt: instant().nullable(),
  },
});

export const relations = ['SELF', 'PARENT', 'GUARDIAN', 'PARTNER', 'OTHER'] as const;
export type Relation = (typeof relations)[number];

/** Who acts for whom: a parent for a child, a person for himself. */
const PatientAccountSchema = defineEntity({
  name: 'PatientAccount',
  tableName: 'patient_account',
  properties: {
    sub: p.string().primary(),
    patientId: p.uuid().primary(),
    practiceId: p.uuid(),
    relation: p.enum(relations),
    createdAt: instant(),
  },
});
export class PatientAccount extends PatientAccountSchema.class {}
PatientAccountSchema.setClass(PatientAccount);
export { PatientAccountSchema };
