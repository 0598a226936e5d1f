// Refunds as durable jobs.
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';

const ofRefund = z.object({ refundId: z.uuid() });

export const sendRefundJob = defineJob('send-refund', ofRefund, {
  description: 'Asks the processor to give a refund back to the payer.',
});

export const lookUpRefundJob = defineJob('look-up-refund', ofRefund.extend({ reference: z.string() }), {
  description: 'Asks the processor how a refund stands, and records the answer.',
});
