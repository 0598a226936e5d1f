// Asks the processor how an attempt stands. A webhook is only a hint to do so: its content may be old when it arrives.
import type { Deps } from '../deps.js';
import { ProcessorCustomer } from '../processor/customer.js';
import { Payment } from './payment.js';
import type { OfAttempt } from './payment.jobs.js';
import { recordPaymentIntent } from './record-payment-intent.js';

export async function lookUpPayment(
  deps: Deps,
  of: OfAttempt & { readonly reference: string | null },
): Promise<void> {
  const facts = of.reference === null ? await find(deps, of) : await deps.processor.read(of.reference);
  if (facts) await recordPaymentIntent(deps, facts);
}

async function find({ em, processor }: Deps, { paymentId, attempt }: OfAttempt) {
  const fork = em.fork();
  const payment = await fork.findOne(Payment, { id: paymentId });
  const customer = payment && (await fork.findOne(ProcessorCustomer, { patientId: payment.patientId }));
  return customer ? processor.findHold({ customer: customer.reference, paymentId, attempt }) : undefined;
}
