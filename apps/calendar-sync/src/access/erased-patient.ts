// Patients who were erased: of them only that is kept, so that no older event brings one back.
import { defineEntity, p } from '@mikro-orm/postgresql';

const ErasedPatientSchema = defineEntity({
  name: 'ErasedPatient',
  tableName: 'erased_patient',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    erasedAt: p.datetime().columnType('timestamptz'),
  },
});
export class ErasedPatient extends ErasedPatientSchema.class {}
ErasedPatientSchema.setClass(ErasedPatient);
export { ErasedPatientSchema };
