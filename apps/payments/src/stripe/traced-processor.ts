// Stripe's part in a trace: a span for each order, with what Stripe said no to. Amounts and references stay outside.
import { describeSpan, span } from '@caregraph/runtime';
import { NotAccepted, type Processor } from '../processor/processor.js';

async function traced<Answer>(operation: string, call: () => Promise<Answer>): Promise<Answer> {
  const attributes = { 'caregraph.vendor': 'stripe' };
  const said = async (): Promise<Answer> => {
    const answer = await call();
    if (answer instanceof NotAccepted) describeSpan({ 'error.type': answer.code });
    return answer;
  };
  return span(`stripe ${operation}`, attributes, said, { kind: 'client' });
}

/** The same processor, each of whose calls is a span. */
export const tracedProcessor = (processor: Processor): Processor => ({
  createCustomer: (...args) => traced('create customer', () => processor.createCustomer(...args)),
  hold: (...args) => traced('hold', () => processor.hold(...args)),
  findHold: (...args) => traced('find hold', () => processor.findHold(...args)),
  capture: (...args) => traced('capture', () => processor.capture(...args)),
  void: (...args) => traced('void', () => processor.void(...args)),
  read: (...args) => traced('read', () => processor.read(...args)),
  heldOrders: (...args) => traced('held orders', () => processor.heldOrders(...args)),
  refund: (...args) => traced('refund', () => processor.refund(...args)),
  findRefund: (...args) => traced('find refund', () => processor.findRefund(...args)),
  readRefund: (...args) => traced('read refund', () => processor.readRefund(...args)),
});
