// A patient as the processor knows him: an id and nothing else, made when he first pays.
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Deps } from '../deps.js';

const ProcessorCustomerSchema = defineEntity({
  name: 'ProcessorCustomer',
  tableName: 'processor_customer',
  properties: {
    patientId: p.uuid().primary(),
    practiceId: p.uuid(),
    reference: p.string(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});
export class ProcessorCustomer extends ProcessorCustomerSchema.class {}
ProcessorCustomerSchema.setClass(ProcessorCustomer);
export { ProcessorCustomerSchema };

/** The patient's customer. Two workers that make it at once send the same key, and get the same one. */
export async function customerOf(
  { em, processor, now }: Pick<Deps, 'em' | 'processor' | 'now'>,
  patient: { readonly patientId: string; readonly practiceId: string },
): Promise<string> {
  const { patientId, practiceId } = patient;
  const fork = em.fork();
  const known = await fork.findOne(ProcessorCustomer, { patientId });
  if (known) return known.reference;
  const reference = await processor.createCustomer({ patientId, practiceId }, `customer_${patientId}`);
  await fork.execute(
    `insert into processor_customer (patient_id, practice_id, reference, created_at) values (?, ?, ?, ?) on conflict do nothing`,
    [patientId, practiceId, reference, now],
    'run',
  );
  // Whoever was first is right, so that all orders of a patient are found under one customer.
  return (await fork.findOneOrFail(ProcessorCustomer, { patientId })).reference;
}
