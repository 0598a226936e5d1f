// How refunds lie in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { initiators, Refund, refundStatuses } from './refund.js';

const instant = () => p.datetime().columnType('timestamptz');

export const RefundSchema = defineEntity({
  class: Refund,
  tableName: 'refund',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    paymentId: p.uuid(),
    cause: p.string(),
    amountMinor: p.integer(),
    currency: p.string(),
    initiatedBy: p.enum(initiators),
    reason: p.string().nullable(),
    status: p.enum(refundStatuses),
    reference: p.string().nullable(),
    failureCode: p.string().nullable(),
    createdAt: instant(),
    settledAt: instant().nullable(),
  },
});
